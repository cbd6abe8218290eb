//! Coverage, assumptions, and that every page of the menu exists.

use sequencehq_emulator::assumptions::table;

use super::{get, html, on_new_year, raw, start};

#[tokio::test]
async fn every_page_of_the_menu_exists_and_marks_itself() {
    let emulator = start(on_new_year()).await;
    let overview = get(&emulator, "").await;
    let menu = html(&overview)
        .split("<nav aria-label=\"Pages\">")
        .nth(1)
        .expect("a menu");
    let menu = menu.split("</nav>").next().unwrap_or_default();
    let pages: Vec<&str> = menu
        .split("href=\"")
        .skip(1)
        .filter_map(|part| part.split('"').next())
        .collect();
    assert_eq!(pages.len(), 10, "{menu}");
    for path in pages {
        let page = raw(&emulator, &format!("GET {path}"), "", "")
            .await
            .expect("a response");
        let marked = format!("href=\"{path}\" aria-current=\"page\"");
        assert!(html(&page).contains(&marked), "{path}: {}", page.body);
        assert_eq!(page.body.matches("<h1").count(), 1, "{path}");
        assert!(
            page.body.contains("<html lang=\"en\">") && page.body.contains("<main id=\"main\""),
            "{path}"
        );
    }
}

#[tokio::test]
async fn every_input_has_a_label() {
    let emulator = start(on_new_year()).await;
    for path in [
        "",
        "customers",
        "invoices",
        "schedules",
        "usage",
        "deliveries",
        "faults",
    ] {
        let reply = get(&emulator, path).await;
        let page = html(&reply);
        let inputs = page.split("<input ").chain(page.split("<select ")).skip(1);
        for input in
            inputs.filter(|input| !input.starts_with("type=\"hidden\"") && !input.starts_with("<!DOCTYPE"))
        {
            let id = input
                .strip_prefix("id=\"")
                .and_then(|rest| rest.split('"').next())
                .expect("an id");
            assert!(page.contains(&format!("<label for=\"{id}\">")), "{path}: {id}");
        }
    }
}

#[tokio::test]
async fn operations_and_assumptions_are_listed() {
    let emulator = start(on_new_year()).await;
    let rows = |page: &str| page.matches("<th scope=\"row\">").count();
    let all = get(&emulator, "coverage").await;
    assert_eq!(rows(html(&all)), 173);
    let mut sum = 0;
    for class in ["real", "computed", "stored", "minimal"] {
        let page = get(&emulator, &format!("coverage?class={class}")).await;
        sum += rows(html(&page));
    }
    assert_eq!(sum, 173);
    let page = get(&emulator, "assumptions").await;
    for one in table() {
        assert!(html(&page).contains(&format!("<tr id=\"{one}\">")), "{one}");
    }
}
