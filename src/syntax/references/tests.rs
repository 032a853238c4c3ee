use super::*;

fn in_text(text: &str) -> References {
    References::in_text(text, Dialect::default())
}

fn of_reports(text: &str) -> Option<Certainty> {
    let tables = ["reports".to_owned(), "users".to_owned()].into();
    in_text(text).column("reports", "state", &tables, None)
}

#[test]
fn tables_and_columns_are_different_names() {
    let table = |text: &str| in_text(text).table("reports");
    assert_eq!(table("select 1 from reports"), Some(Certainty::Certain));
    assert_eq!(table("select `db`.`Reports`.`a` from t"), Some(Certainty::Certain));
    assert_eq!(table("select 1 from `db`.`reports` `r`"), Some(Certainty::Certain));
    assert_eq!(table("select reports(1) from t"), None);
    assert_eq!(table("select a as reports from t"), None);
    assert_eq!(table("select 'reports' from t"), None);
    assert_eq!(table("select * from t, reports r"), Some(Certainty::Maybe));
    assert_eq!(table("select * from t, reports where 1"), Some(Certainty::Maybe));
}

#[test]
fn columns_are_found_with_and_without_their_table() {
    assert_eq!(of_reports("select state from reports"), Some(Certainty::Certain));
    assert_eq!(of_reports("select r.state from reports as r"), Some(Certainty::Certain));
    assert_eq!(of_reports("select r.state from reports r join users"), Some(Certainty::Certain));
    assert_eq!(of_reports("select u.state from reports r join users u"), None);
    assert_eq!(of_reports("select state from reports join users"), Some(Certainty::Maybe));
    assert_eq!(of_reports("select state from users"), None);
    assert_eq!(of_reports("select 1 as state from reports"), None);
    assert_eq!(of_reports("select 'state', state() from reports"), None);
    let rows =
        |text: &str| in_text(text).column("reports", "state", &HashSet::new(), Some("reports"));
    assert_eq!(rows("set new.state = 1"), Some(Certainty::Certain));
    assert_eq!(rows("insert into t values (old.id)"), None);
}

#[test]
fn rows_of_triggers_are_no_databases() {
    let of = |text: &str| -> Vec<String> {
        let text = in_text(text);
        text.of_rows().map(|(row, column)| format!("{row}.{}", column.lower)).collect()
    };
    assert_eq!(of("set NEW.a = old . `B` + 1"), ["NEW.a", "OLD.b"]);
    assert_eq!(of("set @new.a = 1, x = `new`.a"), Vec::<String>::new());
    assert_eq!(of("insert into old.t select old.f(1), new.t.a from new.t"), Vec::<String>::new());
}

#[test]
fn columns_of_an_expression_and_nothing_else() {
    let of = |text: &str| {
        let references = References::of(&Expression::new(text));
        let columns = references.columns()?;
        let names: Vec<String> = columns
            .iter()
            .map(|part| {
                let written = &text[part.place.range()];
                assert!(written.to_lowercase().contains(&part.lower), "{written}");
                part.lower.clone()
            })
            .collect();
        Some(names.join(" "))
    };
    let some = |names: &str| Some(names.to_owned());
    assert_eq!(of("`A` + lower(b) > t.c"), some("a b c"));
    assert_eq!(of("d + interval n day < current_date"), some("d n"));
    assert_eq!(of("nextval(s) + a"), some("a"));
    assert_eq!(of("get_format(date, 'USA')"), some(""));
    assert_eq!(of("current_role"), some(""));
    assert_eq!(of("extract(year from d)"), some("d"));
    assert_eq!(of("trim(leading 'x' from a)"), some("a"));
    assert_eq!(of("cast(a as unsigned) collate utf8mb4_bin"), some("a"));
    assert_eq!(of("case a when 1 then b else c end"), some("a b c"));
    assert_eq!(of("a > (select 1)"), None);
    assert_eq!(of("a +"), None);
}

#[test]
fn what_is_not_understood_may_use_whatever_it_names() {
    let columns: HashSet<String> = ["a`b".to_owned(), "c".to_owned()].into();
    let may_use = |text: &str| References::of(&Expression::new(text)).may_use_column(&columns);
    assert!(may_use("lower(`A``b`)"));
    assert!(may_use("C + 1"));
    assert!(!may_use("d <> 'c'"));
    assert!(!may_use("c(d)"));
    assert!(may_use("{c d}"));
    assert!(may_use("(select c(d))"));
}

#[test]
fn columns_get_their_new_names() {
    let new_name = |name: &str| (name == "a").then(|| "b`c".to_owned());
    let of = |text: &str| renamed(&Expression::new(text), new_name).text.clone();
    assert_eq!(of("a + `a` + a(1) + 'a'"), "`b``c` + `b``c` + a(1) + 'a'");
    assert_eq!(of("t.a > d"), "t.`b``c` > d");
    assert_eq!(names_in(&Expression::new("lower(x) > `y`")), ["x", "y"]);
}
