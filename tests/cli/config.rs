//! driftline.toml: which files count, and which database an environment has.

use std::fs;
use std::path::Path;

use super::{SMALL, command, driftline, project, texts};

const CONFIG: &str = "\
[env.dev]
url_env = \"DEV_URL\"

[env.prod]
url_env = \"PROD_URL\"
protected = true
";

/// A folder with a schema file and this driftline.toml.
fn configured(text: &str) -> tempfile::TempDir {
    let folder = project(SMALL);
    fs::write(folder.path().join("driftline.toml"), text).unwrap();
    folder
}

#[test]
fn the_files_are_those_of_the_configuration() {
    let folder = configured("schema = \"db/wanted.yaml\"\ngenerated = \"db/migrations\"\n");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("db")).unwrap();
    fs::rename(path("schema.yaml"), path("db/wanted.yaml")).unwrap();
    let (code, out, err) = driftline(folder.path(), &["generate", "-m", "First"]);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("db/migrations/"), "{out}");
    for args in [&["check", "--offline"][..], &["lint"], &["fmt", "--check"], &["inspect", "users"]]
    {
        let (code, _, err) = driftline(folder.path(), args);
        assert_eq!(code, 0, "{args:?}: {err}");
    }
    // The folder of migrations belongs to that schema file.
    fs::write(path("schema.yaml"), SMALL).unwrap();
    let args = ["generate", "-m", "First", "--schema", "schema.yaml"];
    let (code, out, err) = driftline(folder.path(), &args);
    assert_eq!(code, 0, "{err}");
    assert!(out.starts_with("generated/"), "{out}");
    let args = ["generate", "-m", "More", "--schema", "./db/wanted.yaml"];
    let (_, out, err) = driftline(folder.path(), &args);
    assert_eq!(out, "nothing to do: no migration was written\n", "{err}");
}

#[test]
fn the_file_is_beside_the_schema_file_or_here() {
    let folder = configured(CONFIG);
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("db")).unwrap();
    fs::rename(path("schema.yaml"), path("db/schema.yaml")).unwrap();
    let args = ["check", "--schema", "db/schema.yaml", "--env", "dev"];
    let said = || driftline(folder.path(), &args).2;
    assert!(said().contains("has its URL in DEV_URL"), "{}", said());
    fs::write(path("db/driftline.toml"), "[env.dev]\nurl_env = \"OTHER_URL\"\n").unwrap();
    assert!(said().contains("has its URL in OTHER_URL"), "{}", said());
}

#[test]
fn an_environment_has_a_database_of_its_own() {
    let folder = configured(CONFIG);
    let run = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = command(folder.path(), args);
        command.env("DATABASE_URL", "mysql://joe@127.0.0.1:1/app");
        command.envs(variables.iter().copied());
        let (code, _, err) = texts(&command.output().unwrap());
        (code, err)
    };
    let prod = ("PROD_URL", "mysql://joe:s3cret@127.0.0.1:2/app");
    let goes_to = |(code, err): (i32, String), port: &str| {
        assert_eq!(code, 3, "{err}");
        assert!(err.contains(&format!("127.0.0.1:{port} ")) && !err.contains("s3cret"), "{err}");
    };
    goes_to(run(&["check"], &[prod]), "1");
    for command in ["check", "diff", "inspect", "pull"] {
        goes_to(run(&[command, "--env", "prod"], &[prod]), "2");
    }
    goes_to(run(&["generate", "-m", "First", "--env", "prod"], &[prod]), "2");
    goes_to(run(&["check"], &[prod, ("DRIFTLINE_ENV", "prod")]), "2");
    goes_to(run(&["check", "--env", "prod"], &[prod, ("DRIFTLINE_ENV", "dev")]), "2");
    goes_to(run(&["check"], &[prod, ("DRIFTLINE_ENV", "")]), "1");
    // A source that was typed counts before it.
    goes_to(run(&["check", "mysql://joe@127.0.0.1:3/app", "--env", "prod"], &[prod]), "3");
    fs::write(folder.path().join(".env"), "DEV_URL=mysql://joe@127.0.0.1:4/app\n").unwrap();
    goes_to(run(&["check", "--env", "dev"], &[]), "4");
}

/// Whatever URL leads to it.
#[test]
fn a_protected_database_is_protected() {
    let folder = configured(CONFIG);
    let reset = |source: &str| {
        let mut command = command(folder.path(), &["reset", "app", source, "--yes"]);
        command.env("PROD_URL", "mysql://joe:s3cret@127.0.0.1:2/app");
        let (code, _, err) = texts(&command.output().unwrap());
        assert!(!err.contains("s3cret"), "{err}");
        (code, err)
    };
    for source in ["mysql://joe@127.0.0.1:2/app", "mariadb://root@LOCALHOST:2/app"] {
        let (code, err) = reset(source);
        assert_eq!(code, 4, "{err}");
        assert!(err.contains("is protected: nothing was dropped"), "{err}");
    }
    // It goes on, and finds no server.
    let (code, err) = reset("mysql://joe@127.0.0.1:3/app");
    assert_eq!(code, 3, "{err}");
}

#[test]
fn an_environment_that_is_not_there_is_an_error() {
    let folder = configured(CONFIG);
    let said = |folder: &Path, args: &[&str]| {
        let mut command = command(folder, args);
        command.env("DATABASE_URL", "mysql://joe@127.0.0.1:1/app");
        let (code, out, err) = texts(&command.output().unwrap());
        assert_eq!(code, 2, "{err}");
        format!("{out}{err}")
    };
    let elsewhere = project(SMALL);
    let all = [
        said(folder.path(), &["check", "--env", "prd"]),
        said(folder.path(), &["check", "--env", ""]),
        said(folder.path(), &["check", "--env", "prod"]),
        said(folder.path(), &["inspect", "--env", "prod"]),
        said(elsewhere.path(), &["check", "--env", "prod"]),
        said(folder.path(), &["check", "--env", "prd", "--format", "json"]),
    ];
    insta::assert_snapshot!(all.join("\n"));
    let wrong = said(folder.path(), &["rules", "--env", "prod"]);
    assert!(wrong.contains("unexpected argument '--env'"), "{wrong}");
}

#[test]
fn an_invalid_configuration_is_reported_at_its_place() {
    let folder = configured("[env.prod]\nurl = \"mysql://joe:s3cret@db/app\"\n");
    let (code, out, err) = driftline(folder.path(), &["lint", "--format", "json"]);
    assert_eq!(code, 2, "{err}");
    assert!(!out.contains("s3cret") && !err.contains("s3cret"), "{out}{err}");
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["errors"][0]["kind"], "invalid");
    assert_eq!(json["errors"][0]["place"]["line"], 2);
    // These commands take nothing from it.
    for args in [&["rules"][..], &["json-schema"], &["completions", "bash"]] {
        assert_eq!(driftline(folder.path(), args).0, 0, "{args:?}");
    }
    fs::remove_file(folder.path().join("driftline.toml")).unwrap();
    fs::create_dir(folder.path().join("driftline.toml")).unwrap();
    let (code, _, err) = driftline(folder.path(), &["lint"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("it isn't a regular file"), "{err}");
}
