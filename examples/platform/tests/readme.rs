//! The commands of the README, as printed, against a platform with the README's files.

mod common;

use common::program::{program, start};
use std::fs;
use std::path::Path;
use std::process::Command;

const README: &str = include_str!("../README.md");

/// The only block of commands that contains this text.
fn block(mark: &str) -> &'static str {
    let blocks = README.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block);
    let found: Vec<_> = blocks.filter(|block| block.contains(mark)).collect();
    assert_eq!(found.len(), 1, "{mark}");
    found[0]
}

fn run(folder: &Path, script: &str) -> String {
    let output = Command::new("sh").args(["-euc", script]).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_commands_work_as_printed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // The files, and the program that cargo would run, on free ports.
    let start_block = block("cargo run -p sandgate-platform");
    let (before, arguments) = start_block.split_once("cargo run -p sandgate-platform -- ").unwrap();
    let (_, files) = before.split_once("make -C examples/controller\n").unwrap();
    run(folder, files);
    let words: Vec<&str> = arguments.split_whitespace().filter(|word| *word != "\\").collect();
    let mut command = program();
    for pair in words.chunks(2) {
        match *pair {
            ["--controller", _] => {}
            ["--api-port" | "--edge-port", port] => assert!(port.parse::<u16>().is_ok()),
            _ => _ = command.args(pair),
        }
    }
    let log = folder.join("log");
    command.current_dir(folder).stderr(fs::File::create(&log).unwrap());
    let (mut platform, api, edge) = start(&mut command);

    let use_block = block("export E2B_API_URL");
    let addresses =
        |text: &str| text.replace("127.0.0.1:3000", &api.to_string()).replace("127.0.0.1:3001", &edge.to_string());
    let answer = run(folder, &format!("{}{}", addresses(use_block), block("credentials/rotate")));
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert!(answer["envdAccessToken"].as_str().unwrap().starts_with("sg2a.a."), "{answer}");
    assert!(answer["trafficAccessToken"].as_str().unwrap().starts_with("sg2t.a."), "{answer}");
    assert_eq!(answer["domain"], format!("sandbox.localhost:{}", edge.port()));

    // Other processes with its name may run on this machine.
    let pid = platform.id().to_string();
    let hang_up = block("kill -HUP");
    assert!(hang_up.contains("$(pidof sandgate-platform)"));
    run(folder, &hang_up.replace("$(pidof sandgate-platform)", &pid));
    let said = || fs::read_to_string(&log).unwrap().contains("SIGHUP: the seeds were read again\n");
    assert!((0..1000).any(|_| said() || {
        std::thread::sleep(std::time::Duration::from_millis(5));
        false
    }));
    let kids: Vec<String> = fs::read_to_string(folder.join("target/platform/seeds-v2"))
        .unwrap()
        .lines()
        .map(|line| line[..2].to_owned())
        .collect();
    assert_eq!(kids, ["a ", "b "]);
    assert!(platform.stop().success());
}
