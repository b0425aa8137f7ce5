//! Sandboxes in Redis: a hash for each, and a channel that names those that have changed.

use super::known::{Failed, Known};
use super::row::Row;
use crate::config::RedisTable;
use anyhow::Context;
use futures_util::StreamExt;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ErrorKind, IntoConnectionInfo, RedisConnectionInfo, RedisError,
};
use sandgate::SandboxId;
use sandgate_tower::Sandbox;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Mutex, Notify};
use tokio::time::timeout;

/// How long to wait before the channel of changes is tried again.
const PAUSE: Duration = Duration::from_millis(200);
/// How often the channel is asked whether it is alive. A node that is lost without a word sends no end of the connection.
const HEARTBEAT: Duration = Duration::from_millis(300);

/// The message of a change that concerns every sandbox.
const ALL: &str = "*";

pub(super) struct Redis {
    client: RwLock<Client>,
    prefix: String,
    timeout: Duration,
    connection: Mutex<Option<MultiplexedConnection>>,
    /// Told when the connection for questions fails: the channel may be dead too.
    lost: Notify,
}

/// The client of an address, with the password that its file has now.
fn client(table: &RedisTable) -> anyhow::Result<Client> {
    let mut settings = RedisConnectionInfo::default().set_skip_set_lib_name();
    if let Some(place) = &table.password {
        let line = place.only()?;
        settings = settings.set_password(std::str::from_utf8(&line).context("state.redis.password")?);
    }
    if let Some(user) = &table.user {
        settings = settings.set_username(user);
    }
    let address = ConnectionAddr::Tcp(table.address.host.clone(), table.address.port);
    Ok(Client::open(address.into_connection_info()?.set_redis_settings(settings))?)
}

impl Redis {
    /// # Errors
    /// If the password cannot be read.
    pub(super) fn new(table: &RedisTable, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self {
            client: RwLock::new(client(table)?),
            prefix: table.prefix.clone(),
            timeout,
            connection: Mutex::new(None),
            lost: Notify::new(),
        })
    }

    /// Reads the password again. Connections that are open stay, since Redis has accepted them.
    pub(super) fn reload(&self, table: &RedisTable) -> anyhow::Result<()> {
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = client(table)?;
        Ok(())
    }

    fn client(&self) -> Client {
        self.client.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn connection(&self) -> Result<MultiplexedConnection, RedisError> {
        let mut kept = self.connection.lock().await;
        if let Some(connection) = &*kept {
            return Ok(connection.clone());
        }
        // Shorter than the time for the whole question, after which nobody would notice that the connection is dead.
        let timeout = self.timeout.mul_f32(0.75);
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(timeout)).set_response_timeout(Some(timeout));
        let connection = self.client().get_multiplexed_async_connection_with_config(&config).await?;
        Ok(kept.insert(connection).clone())
    }

    pub(super) async fn find(&self, id: &SandboxId) -> Result<Option<Sandbox>, Failed> {
        let key = format!("{}:sandbox:{id}", self.prefix);
        let asked = async {
            let mut connection = self.connection().await?;
            redis::cmd("HGETALL").arg(key).query_async::<HashMap<String, String>>(&mut connection).await
        };
        match asked.await {
            Ok(fields) if fields.is_empty() => Ok(None),
            Ok(fields) => sandbox(fields).map(Some).ok_or(Failed::WrongData),
            Err(error) if is_wrong_data(&error) => Err(Failed::WrongData),
            Err(_) => {
                *self.connection.lock().await = None;
                self.lost.notify_one();
                Err(Failed::Away)
            }
        }
    }

    /// Forgets what the channel names. Answers are remembered only while the channel is listened to.
    pub(super) async fn follow(&self, known: &Known) {
        loop {
            if let Err(error) = self.listen(known).await {
                tracing::warn!(error = %error, "the channel of changes is away");
            }
            known.unfollowed();
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn listen(&self, known: &Known) -> Result<(), RedisError> {
        let subscribed = async {
            let mut channel = self.client().get_async_pubsub().await?;
            channel.subscribe(format!("{}:changed", self.prefix)).await?;
            Ok::<_, RedisError>(channel)
        };
        let (mut sink, mut messages) = timeout(self.timeout * 4, subscribed).await.map_err(|_| timed_out())??.split();
        // What changed before is unknown.
        known.followed();
        let heard = async {
            while let Some(message) = messages.next().await {
                match message.get_payload::<String>() {
                    Ok(id) if id != ALL => known.forget(&id),
                    _ => known.forget_all(),
                }
            }
            timed_out()
        };
        let alive = async {
            loop {
                tokio::time::sleep(HEARTBEAT).await;
                match timeout(self.timeout, sink.ping::<redis::Value>()).await {
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => break error,
                    Err(_) => break timed_out(),
                }
            }
        };
        tokio::select! {
            error = heard => Err(error),
            error = alive => Err(error),
            () = self.lost.notified() => Err(timed_out()),
        }
    }
}

/// Redis answers, but with something else than a hash of text. Every other error is the server's: it loads, has no master, or
/// refuses the user.
fn is_wrong_data(error: &RedisError) -> bool {
    error.code() == Some("WRONGTYPE") || error.kind() == ErrorKind::UnexpectedReturnType
}

fn timed_out() -> RedisError {
    std::io::Error::from(std::io::ErrorKind::TimedOut).into()
}

/// A hash that says anything else than expected is wrong: nothing of it is used.
fn sandbox(mut fields: HashMap<String, String>) -> Option<Sandbox> {
    let restricted = match fields.remove("restricted").as_deref() {
        None | Some("1" | "true") => true,
        Some("0" | "false") => false,
        Some(_) => return None,
    };
    let generation = match fields.remove("generation") {
        Some(text) if text.bytes().all(|digit| digit.is_ascii_digit()) => text.parse().ok()?,
        Some(_) => return None,
        None => 0,
    };
    let row = Row { restricted, generation, traffic_token: fields.remove("traffic_token") };
    fields.is_empty().then(|| row.sandbox().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_with_anything_unexpected_is_wrong() {
        let of = |pairs: &[(&str, &str)]| {
            sandbox(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        };
        assert_eq!(of(&[("restricted", "1")]), Some(Sandbox::restricted()));
        assert_eq!(of(&[("generation", "7")]), Some(Sandbox { generation: 7, ..Sandbox::restricted() }));
        assert_eq!(of(&[("restricted", "0")]), Some(Sandbox::public()));
        for wrong in [
            ("restricted", ""),
            ("restricted", "no"),
            ("generation", "-1"),
            ("generation", "+1"),
            ("generation", ""),
            ("generation", "4294967296"),
            ("traffic_token", ""),
            ("limited", "1"),
        ] {
            assert_eq!(of(&[wrong]), None, "{wrong:?}");
        }
    }
}
