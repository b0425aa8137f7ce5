//! `cargo xtask demo`: real clients against the example platform, edge and controller.
//!
//! The SDKs are as their vendors publish them. What they cannot do wrong, curl does: it follows their URLs, and spoils
//! them. What each answer has to be is written out here in full and taken from the specification, not from the code that
//! is checked.

mod client;
mod creation;
mod ending;
mod large;
mod names;
mod node_package;
mod own_urls;
mod platform;
mod probe;
mod python_package;
mod rows;
mod sandbox;
mod sdk;
mod spoiled;
mod token;
mod traffic;
mod url;
mod v2;

pub(crate) use rows::{Row, show};

use crate::setup;
use client::{Client, Sdk};
use platform::Platform;
use rows::Rows;
use serde_json::json;
use xshell::Shell;

/// Sets up, runs every check, and tells what each expected and saw.
pub(crate) fn run(sh: &Shell) -> anyhow::Result<Vec<Row>> {
    let tools = setup::tools(sh)?;
    let platform = Platform::start(&tools, "stored")?;
    let mut rows = Rows::default();
    let mut secrets = Vec::new();

    for sdk in Sdk::ALL {
        let mut client = Client::start(sdk, &tools, &platform, platform.api_key())?;
        rows.begin(sdk.name());
        let sandbox = sdk::create(&mut rows, &mut client)?;
        sdk::use_files(&mut rows, &mut client, &sandbox)?;
        sdk::use_urls(&mut rows, &mut client, &platform, &sandbox)?;
        sdk::come_back(&mut rows, &mut client, &sandbox)?;
        names::check(&mut rows, &mut client, &sandbox)?;
        spoiled::check(&mut rows, &mut client, &sandbox)?;
        secrets.extend(sandbox.secrets());
        sdk::kill(&mut rows, &mut client, &platform, &sandbox)?;
        secrets.extend(traffic::check_restricted(&mut rows, &mut client, &platform)?.secrets());
        if sdk.can_opt_out() {
            creation::check_open(&mut rows, &mut client, &platform)?;
        }
        secrets.extend(v2::use_sdk(&mut rows, &mut client, &platform)?);
        creation::check_refused(&mut rows, &mut client)?;
        creation::check_api_key(&mut rows, Client::start(sdk, &tools, &platform, "e2b_nobody's")?)?;
    }

    let mut client = Client::start(Sdk::E2bPython, &tools, &platform, platform.api_key())?;
    let sandbox = client.sandbox("create", json!({}))?;
    secrets.extend(sandbox.secrets());
    rows.begin("access token");
    token::check(&mut rows, &mut client, &platform, &sandbox)?;
    rows.begin("signed by sandgate");
    own_urls::check(&mut rows, &mut client, &platform, &sandbox)?;
    rows.begin("signed by the Python package");
    secrets.extend(python_package::check(&mut rows, &mut client, &tools.python, &platform)?);
    rows.begin("signed by the npm package");
    secrets.extend(node_package::check(&mut rows, &mut client, &tools.clients, &platform)?);
    secrets.extend(v2::check(&mut rows, &tools, &mut client, &platform, &sandbox)?);
    rows.begin("a large file");
    large::check(&mut rows, &mut client, &platform, &sandbox)?;
    rows.begin("edge");
    traffic::check_edge(&mut rows, &platform, &sandbox)?;
    rows.begin("control API");
    creation::check_api(&mut rows, &platform)?;
    rows.begin("ending");
    ending::check(&mut rows, platform, &secrets)?;
    Ok(rows.into_vec())
}
