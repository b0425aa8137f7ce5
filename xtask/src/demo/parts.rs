//! The parts of the demo. Each has a platform of its own, so that parts can run at the same time.

use super::client::{Client, Sdk};
use super::platform::Platform;
use super::rows::{Row, Rows};
use super::{
    creation, ending, large, life, names, node_package, own_urls, python_package, restart, sdk, spellings, spoiled,
    token, traffic, v2,
};
use crate::parallel::side_by_side;
use crate::setup::Tools;
use serde_json::json;

#[derive(Clone, Copy)]
enum Part {
    Sdk(Sdk),
    /// Access tokens, the packages of this repository, large files, the edge, the control API.
    Server,
    V2,
    /// v2 with an edge that derives the traffic tokens, where traffic is restricted by default.
    Derived,
}

impl Part {
    /// In the order of the table.
    const ALL: [Self; 7] = [
        Self::Sdk(Sdk::E2bPython),
        Self::Sdk(Sdk::NovitaPython),
        Self::Sdk(Sdk::E2bNode),
        Self::Sdk(Sdk::NovitaNode),
        Self::Server,
        Self::V2,
        Self::Derived,
    ];

    fn check(self, tools: &Tools) -> anyhow::Result<Vec<Row>> {
        match self {
            Self::Sdk(sdk) => check_sdk(tools, sdk),
            Self::Server => check_server(tools),
            Self::V2 => check_v2(tools),
            Self::Derived => v2::check_derived(tools),
        }
    }
}

/// Runs every part, and returns the rows in the order of the parts.
pub(crate) fn check(tools: &Tools) -> anyhow::Result<Vec<Row>> {
    let rows = side_by_side(Part::ALL, |part| part.check(tools))?;
    Ok(rows.into_iter().flatten().collect())
}

fn check_sdk(tools: &Tools, sdk: Sdk) -> anyhow::Result<Vec<Row>> {
    let platform = Platform::start(tools, sdk.name(), &[])?;
    let mut client = Client::start(sdk, tools, &platform)?;
    let mut rows = Rows::begin(sdk.name());
    let sandbox = sdk::create(&mut rows, &mut client)?;
    sdk::use_files(&mut rows, &mut client, &sandbox)?;
    sdk::use_urls(&mut rows, &mut client, &platform, &sandbox)?;
    sdk::come_back(&mut rows, &mut client, &sandbox)?;
    names::check(&mut rows, &mut client, &sandbox)?;
    spoiled::check(&mut rows, &mut client, &sandbox)?;
    let mut secrets: Vec<String> = sandbox.secrets().collect();
    sdk::kill(&mut rows, &mut client, &platform, &sandbox)?;
    secrets.extend(traffic::check_restricted(&mut rows, &mut client, &platform)?.secrets());
    if sdk.can_opt_out() {
        creation::check_open(&mut rows, &mut client, &platform)?;
    }
    secrets.extend(v2::use_sdk(&mut rows, &mut client, &platform)?);
    secrets.extend(life::check(&mut rows, &mut client, &platform)?);
    secrets.extend(spellings::check(&mut rows, &mut client, &platform)?);
    creation::check_refused(&mut rows, &mut client)?;
    creation::check_api_key(&mut rows, &mut client)?;
    ending::check(&mut rows, platform, &secrets, 0)?;
    Ok(rows.into_vec())
}

fn check_server(tools: &Tools) -> anyhow::Result<Vec<Row>> {
    let platform = Platform::start(tools, "server", &[])?;
    let mut client = Client::start(Sdk::E2bNode, tools, &platform)?;
    let sandbox = client.sandbox("create", json!({}))?;
    let mut secrets: Vec<String> = sandbox.secrets().collect();
    let mut rows = Rows::begin("access token");
    token::check(&mut rows, &mut client, &platform, &sandbox)?;
    secrets.extend(restart::check(&mut rows, &mut client, &platform)?);
    rows.next("signed by sandgate");
    own_urls::check(&mut rows, &mut client, &platform, &sandbox)?;
    rows.next("signed by the Python package");
    secrets.extend(python_package::check(&mut rows, &mut client, &tools.python, &platform)?);
    rows.next("signed by the npm package");
    secrets.extend(node_package::check(&mut rows, &mut client, &tools.clients, &platform)?);
    rows.next("a large file");
    large::check(&mut rows, &mut client, &platform, &sandbox)?;
    rows.next("edge");
    traffic::check_edge(&mut rows, &platform, &sandbox)?;
    rows.next("control API");
    creation::check_api(&mut rows, &platform)?;
    rows.next("ending");
    ending::check(&mut rows, platform, &secrets, 1)?;
    Ok(rows.into_vec())
}

fn check_v2(tools: &Tools) -> anyhow::Result<Vec<Row>> {
    let platform = Platform::start(tools, "v2", &[])?;
    let mut client = Client::start(Sdk::E2bNode, tools, &platform)?;
    let sandbox = client.sandbox("create", json!({}))?;
    let (mut rows, mut secrets) = v2::check(&mut client, &platform, &sandbox)?;
    secrets.extend(sandbox.secrets());
    rows.next("v2, ending");
    ending::check(&mut rows, platform, &secrets, 1)?;
    Ok(rows.into_vec())
}
