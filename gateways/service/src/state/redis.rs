//! Sandboxes in Redis: a hash for each, and a channel that names those that have changed.

use super::known::{Failed, Known};
use super::row::Row;
use crate::config::RedisTable;
use anyhow::Context;
use futures_util::StreamExt;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo, RedisError};
use sandgate::SandboxId;
use sandgate_tower::Sandbox;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

/// How long to wait before the channel of changes is tried again.
const PAUSE: Duration = Duration::from_millis(200);

/// The message of a change that concerns every sandbox.
const ALL: &str = "*";

pub(super) struct Redis {
    client: Client,
    prefix: String,
    timeout: Duration,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Redis {
    /// # Errors
    /// If the password cannot be read.
    pub(super) fn new(table: &RedisTable, timeout: Duration) -> anyhow::Result<Self> {
        let mut settings = RedisConnectionInfo::default().set_skip_set_lib_name();
        if let Some(place) = &table.password {
            let password = Zeroizing::new(String::from_utf8(place.only()?.to_vec()).context("state.redis.password")?);
            settings = settings.set_password(password.as_str());
        }
        if let Some(user) = &table.user {
            settings = settings.set_username(user);
        }
        let address = ConnectionAddr::Tcp(table.address.host.clone(), table.address.port);
        let info = address.into_connection_info()?.set_redis_settings(settings);
        Ok(Self { client: Client::open(info)?, prefix: table.prefix.clone(), timeout, connection: Mutex::new(None) })
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
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await?;
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
            // Redis answers, but with something else than a hash of text.
            Err(error) if !error.is_unrecoverable_error() && !error.is_io_error() && !error.is_timeout() => {
                Err(Failed::WrongData)
            }
            Err(_) => {
                *self.connection.lock().await = None;
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
        let connected = tokio::time::timeout(self.timeout * 4, self.client.get_async_pubsub()).await;
        let Ok(connected) = connected else { return Err(timed_out()) };
        let mut channel = connected?;
        channel.subscribe(format!("{}:changed", self.prefix)).await?;
        // What changed before is unknown.
        known.followed();
        let mut messages = channel.into_on_message();
        while let Some(message) = messages.next().await {
            match message.get_payload::<String>() {
                Ok(id) if id != ALL => known.forget(&id),
                _ => known.forget_all(),
            }
        }
        Err(timed_out())
    }
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
