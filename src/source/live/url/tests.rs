use super::*;

fn url(text: &str) -> DatabaseUrl {
    text.parse().unwrap()
}

fn error(text: &str) -> String {
    text.parse::<DatabaseUrl>().unwrap_err().to_string()
}

#[test]
fn all_parts_are_read_and_decoded() {
    let url = url("mysql+pymysql://an%40n:p%3Aw%2F%23@db.example:3307/my%20db?charset=utf8mb4");
    assert_eq!(url.user(), "an@n");
    assert_eq!(url.password, Some(Secret("p:w/#".to_owned())));
    assert_eq!(url.endpoint(), "db.example:3307");
    assert_eq!(url.database(), Some("my db"));
    assert_eq!(url.label(), "my db on db.example:3307");
    assert_eq!(url.to_string(), "mysql+pymysql://an%40n@db.example:3307/my%20db");
    assert_eq!(url.pool_max, 10);
}

#[test]
fn every_spelling_of_the_scheme_is_known() {
    for scheme in [
        "mysql",
        "mariadb",
        "MySQL",
        "mysql2",
        "mysql+mysqldb",
        "mysql+mysqlconnector",
        "mysql+asyncmy",
        "mariadb+mariadbconnector",
    ] {
        assert!(DatabaseUrl::is_url(&format!("{scheme}://h/d")), "{scheme}");
        assert_eq!(url(&format!("{scheme}://h/d")).port, 3306);
    }
    assert!(!DatabaseUrl::is_url("schema.yaml"));
    assert!(!DatabaseUrl::is_url("postgres://h/d"));
    assert!(error("postgres://u:secret@h/d").contains("`postgres://`"));
}

#[test]
fn the_password_is_never_shown() {
    for text in [
        "mysql://u:secret@h/d",
        "mysql://u:secret@h:1/d?pool_max=2",
        "mysql://u:se@secret@h/d",
        "mysql://u@h/d?password=secret",
    ] {
        let url = url(text);
        assert!(!format!("{url} {url:?} {url:#?}").contains("secret"), "{text}");
        assert!(url.password.is_some());
    }
    for text in [
        "mysql://u:secret/x@h/d",
        "mysql://u:secret?x@h/d",
        "mysql://u:h:secret",
        "mysql://u:secret@h:x/d",
        "mysql:/u:secret@h",
        "mysql://u:secret@[::1/d",
        "mysql://u:secret@h/d?ssl-mood=1",
        "mysql://u:%ffsecret@h/d",
    ] {
        assert!(!error(text).contains("secret"), "{text}: {}", error(text));
    }
}

#[test]
fn hosts_and_sockets() {
    assert_eq!(url("mysql://[::1]:3307/d").endpoint(), "[::1]:3307");
    assert_eq!(url("mysql://[fe80::1]/d").port, 3306);
    assert_eq!(url("mysql:///d").endpoint(), "localhost:3306");
    assert_eq!(url("mysql://u:p@/d?unix_socket=/tmp/m.sock").endpoint(), "/tmp/m.sock");
    assert_eq!(url("mysql://h/d?socket=%2Ftmp%2Fm.sock").endpoint(), "/tmp/m.sock");
    assert_eq!(url("mysql://h").database(), None);
    assert_eq!(url("mysql://h/").database(), None);
    assert_eq!(url("mysql://h").with_database("x").database(), Some("x"));
    assert!(error("mysql://h:70000/d").contains("port"));
    assert!(error("mysql://h:0/d").contains("port"));
    assert!(error("mysql://[::g]/d").contains("IPv6"));
}

#[test]
fn unescaped_characters_in_a_password_are_explained() {
    assert!(error("mysql://u:a/b@h/d").contains("%2F"));
    assert!(error("mysql://u:a?b@h/d").contains("%3F"));
    assert_eq!(url("mysql://u:a@b@h/d").password, Some(Secret("a@b".to_owned())));
    assert_eq!(url("mysql://u:100%@h/d").password, Some(Secret("100%".to_owned())));
    assert_eq!(url("mysql://u:@h/d").password, None);
}

#[test]
fn tls_in_all_spellings() {
    let mode = |query: &str| url(&format!("mysql://h/d?{query}")).tls.mode;
    assert_eq!(mode(""), TlsMode::Required);
    for local in ["localhost", "127.0.0.1:3307", "127.8.0.1", "[::1]:1", "LocalHost"] {
        assert_eq!(url(&format!("mysql://{local}/d")).tls.mode, TlsMode::Preferred, "{local}");
    }
    assert_eq!(mode("socket=/tmp/m.sock"), TlsMode::Preferred);
    assert_eq!(mode("ssl-mode=preferred"), TlsMode::Preferred);
    assert_eq!(mode("ssl-mode=DISABLED"), TlsMode::Disabled);
    assert_eq!(mode("ssl_mode=required"), TlsMode::Required);
    assert_eq!(mode("sslmode=verify_identity"), TlsMode::VerifyIdentity);
    assert_eq!(mode("ssl-mode=verify-ca&ssl-ca=/ca.pem"), TlsMode::VerifyCa);
    assert_eq!(mode("ssl_ca=/ca.pem"), TlsMode::VerifyCa);
    assert_eq!(mode("ssl_ca=/ca.pem&ssl_verify_cert=false"), TlsMode::Required);
    assert_eq!(mode("ssl_ca=/ca.pem&ssl_verify_identity=true"), TlsMode::VerifyIdentity);
    assert_eq!(mode("ssl_disabled=true"), TlsMode::Disabled);
    assert_eq!(mode("ssl_disabled=false"), TlsMode::Required);
    assert_eq!(mode("ssl=true"), TlsMode::Required);
    assert_eq!(mode("ssl_cert=/c&ssl_key=/k"), TlsMode::Required);
    assert!(error("mysql://h/d?ssl-mode=verify-ca").contains("ssl-ca"));
    assert!(error("mysql://h/d?ssl_cert=/c").contains("ssl-key"));
    assert!(error("mysql://h/d?ssl-mode=required&ssl_disabled=true").contains("switches TLS off"));
    assert!(error("mysql://h/d?ssl-mode=disabled&ssl=true").contains("switches TLS off"));
    assert!(error("mysql://h/d?ssl-mode=maybe").contains("verify-identity"));
}

#[test]
fn the_other_parameters() {
    assert_eq!(url("mysql://h/d?pool_max=3").pool_max, 3);
    assert_eq!(url("mysql://h/d?pool-max=99").pool_max, 10);
    assert_eq!(url("mysql://h/d?connect_timeout=3").connect_timeout.as_secs(), 3);
    assert_eq!(url("mysql://h/d").read_timeout.as_secs(), 60);
    assert_eq!(url("mysql://h/d?read_timeout=3").read_timeout.as_secs(), 3);
    assert!(error("mysql://h/d?write_timeout=3").contains("`write_timeout` is unknown"));
    assert!(error("mysql://h/d?pool_max=0").contains("1 to 10"));
    assert!(error("mysql://h/d?pool_max=many").contains("1 to 10"));
    assert!(error("mysql://h/d?pool_maxx=1").contains("did you mean `pool-max`"));
    assert!(error("mysql://h/d?zebra=1").contains("known are ssl-mode"));
}
