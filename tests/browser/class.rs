//! A class in browsers: a host and six people at two tables, from the lobby to the debrief.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use fantoccini::{Client, Locator};
use support::{check_none, demarche};

use crate::browser::{Browser, Look};

/// A class that is served; it ends with the test.
struct Served {
    child: Child,
    address: String,
    host: String,
    code: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn start(scenario: &str) -> Self {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser-class.sqlite");
        let _ = std::fs::remove_file(&file);
        let mut command = demarche();
        command.args(["class", scenario, "--local", "--port", "0", "--tables", "2", "-o"]);
        let mut child = command.arg(&file).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let (mut address, mut host, mut code) = (String::new(), String::new(), String::new());
        for line in lines {
            if let Some(told) = line.strip_prefix("Join at  ") {
                told.clone_into(&mut address);
            } else if let Some(told) = line.strip_prefix("Code     ") {
                told.clone_into(&mut code);
            } else if let Some(told) = line.strip_prefix("Host     ") {
                told.clone_into(&mut host);
                break;
            }
        }
        Self { child, address, host, code }
    }
}

/// Waits for something on a page.
async fn sees(client: &Client, text: &str) {
    for _ in 0..100 {
        let page = client.execute("return document.body.innerText", Vec::new()).await.unwrap();
        if page.as_str().unwrap_or_default().contains(text) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing of `{text}` on the page");
}

/// Presses a button, found by the selector of its form.
async fn press(client: &Client, form: &str) {
    let button = format!("{form} button");
    let button = client.wait().at_most(Duration::from_secs(10)).for_element(Locator::Css(&button));
    button.await.unwrap_or_else(|cause| panic!("{form}: {cause}")).click().await.unwrap();
}

async fn write(client: &Client, control: &str, text: &str) {
    client.find(Locator::Css(control)).await.unwrap().send_keys(text).await.unwrap();
}

/// Whether this control is wherever the page was made anew, and holds what was typed.
async fn holds(client: &Client, control: &str) -> String {
    let script = format!("return document.querySelector('{control}').value");
    client.execute(&script, Vec::new()).await.unwrap().as_str().unwrap_or_default().to_owned()
}

/// Looks at a page in every way, and tells what is amiss.
async fn faults(browser: &Browser, name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for look in Look::ALL {
        browser.look(look).await;
        let over = "return document.documentElement.scrollWidth - window.innerWidth;";
        let over = browser.finds(over).await.as_i64().unwrap_or_default();
        if over > 0 {
            faults.push(format!("{name}, {}: {over} px wider than the window", look.name()));
        }
        let violations = browser.violations().await.into_iter();
        faults.extend(violations.map(|of| format!("{name}, {}: {of}", look.name())));
        browser.picture(name, look).await;
    }
    browser.look(Look::ALL[0]).await;
    faults
}

#[tokio::test]
async fn a_class_goes_from_the_lobby_to_the_debrief() {
    let class = Served::start("textbook/symmetric-dispute");
    let host = Browser::start().await;
    host.client.goto(&class.host).await.unwrap();
    sees(&host.client, "The class gathers").await;
    let mut found = faults(&host, "class-host-lobby").await;

    // People join, one of them by a name that is written from right to left.
    let names = ["Zahra", "ليلى 7", "Ayşe", "Jo", "Kim", "Sam"];
    let seats = ["delegation:east", "delegation:west", "capital:east"];
    let mut people = Vec::new();
    for (nth, name) in names.iter().enumerate() {
        let browser = Browser::start().await;
        let (table, seat) = (nth / seats.len(), seats[nth % seats.len()]);
        browser.client.goto(&format!("{}/?code={}", class.address, class.code)).await.unwrap();
        if nth == 0 {
            found.extend(faults(&browser, "class-door").await);
        }
        write(&browser.client, "#name", name).await;
        press(&browser.client, "form[action='/join']").await;
        sees(&browser.client, "Your PIN is").await;
        browser.client.goto(&format!("{}/desk", class.address)).await.unwrap();
        sees(&browser.client, "Take a seat").await;
        if nth == 0 {
            found.extend(faults(&browser, "class-lobby").await);
        }
        press(&browser.client, &format!("[id='sit-{table}-{seat}']")).await;
        sees(&browser.client, "Before the talks").await;
        people.push(browser);
    }
    sees(&host.client, "6 joined, 6 here").await;
    sees(&host.client, "ليلى 7").await;
    press(&host.client, "#go-on").await;
    for browser in &people {
        sees(&browser.client, "Your move").await;
    }

    // A draft outlives whatever else changes on the page, and a refresh.
    let east = &people[0];
    sees(&east.client, "Talk").await;
    write(&east.client, "#say-text", "a draft that stays").await;
    write(&host.client, "#notice-text", "Breaking news: rain.").await;
    press(&host.client, "#notice-form").await;
    sees(&east.client, "Breaking news").await;
    assert_eq!(holds(&east.client, "#say-text").await, "a draft that stays");
    east.client.refresh().await.unwrap();
    sees(&east.client, "Your move").await;
    assert_eq!(holds(&east.client, "#say-text").await, "a draft that stays");
    press(&east.client, "#say").await;
    sees(&people[1].client, "a draft that stays").await;
    assert_eq!(holds(&east.client, "#say-text").await, "", "what was sent is no draft");
    found.extend(faults(east, "class-desk").await);
    found.extend(faults(&host, "class-host").await);

    // By the keyboard alone: to the first button of the page, and on.
    let keyed = "document.querySelector('#wait button, #hold button')?.focus(); return \
                 document.activeElement.tagName";
    assert_eq!(people[0].finds(keyed).await.as_str().is_some(), true);

    // The host lets the policy play both tables out, and opens everything.
    for table in 0..2 {
        let open = format!("document.getElementById('out-{table}').open = true");
        host.finds(&open).await;
        press(&host.client, &format!("#play-out-{table}")).await;
    }
    sees(&host.client, "The talks are over.").await;
    host.finds("document.getElementById('end').open = true").await;
    press(&host.client, "#debrief").await;
    sees(&east.client, "To the debrief").await;
    east.client.goto(&format!("{}/debrief", class.address)).await.unwrap();
    sees(&east.client, "What is in force, table by table").await;
    found.extend(faults(east, "class-debrief").await);
    host.client.goto(&format!("{}/projector", class.address)).await.unwrap();
    sees(&host.client, &class.code).await;
    found.extend(faults(&host, "class-projector").await);
    for browser in people.iter().chain([&host]) {
        found.extend(browser.console().await.into_iter().map(|said| format!("console: {said}")));
        let asked = browser.requests().await.into_iter();
        let outside = asked.filter(|asked| !asked.contains("127.0.0.1") && *asked != "data:,");
        found.extend(outside.map(|asked| format!("asks for {asked}")));
    }
    for browser in people.into_iter().chain([host]) {
        browser.stop().await;
    }
    check_none(&found);
}
