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
    for _ in 0..300 {
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
    let button = button.await.unwrap_or_else(|cause| panic!("{form}: {cause}"));
    button.click().await.unwrap_or_else(|cause| panic!("{form}: {cause}"));
}

async fn write(client: &Client, control: &str, text: &str) {
    let found = client.find(Locator::Css(control)).await.unwrap();
    found.send_keys(text).await.unwrap_or_else(|cause| panic!("{control}: {cause}"));
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

/// Somebody joins and takes a seat. Gives their browser, and the PIN to come back with.
async fn joined(
    class: &Served,
    name: &str,
    sit: &str,
    found: &mut Vec<String>,
) -> (Browser, String) {
    let browser = Browser::start().await;
    browser.client.goto(&format!("{}/?code={}", class.address, class.code)).await.unwrap();
    // Of the first one, every page is looked at.
    let is_first = name == NAMES[0];
    if is_first {
        found.extend(faults(&browser, "class-door").await);
    }
    write(&browser.client, "#name", name).await;
    press(&browser.client, "form[action='/join']").await;
    sees(&browser.client, "Your PIN is").await;
    let pin = browser.finds("return /PIN is (\\d{4})/.exec(document.body.innerText)[1]").await;
    browser.client.goto(&format!("{}/desk", class.address)).await.unwrap();
    sees(&browser.client, "Take a seat").await;
    if is_first {
        found.extend(faults(&browser, "class-lobby").await);
    }
    press(&browser.client, sit).await;
    sees(&browser.client, "Before the talks").await;
    press(&browser.client, "#read").await;
    sees(&browser.client, "What matters to").await;
    if is_first {
        browser.finds("document.getElementById('check').open = true").await;
        browser
            .finds("document.querySelectorAll('#check-who-signs input[type=radio]')[1].click()")
            .await;
        press(&browser.client, "#check-who-signs").await;
        sees(&browser.client, "✓ Yes.").await;
        found.extend(faults(&browser, "class-brief").await);
    }
    (browser, pin.as_str().unwrap().to_owned())
}

/// A draft outlives whatever else changes on its page, and a refresh; what was sent is none.
async fn check_drafts(host: &Browser, one: &Browser, other: &Browser) {
    write(&one.client, "#say-text", "a draft that stays").await;
    write(&host.client, "#notice-text", "Breaking news: rain.").await;
    press(&host.client, "#notice-form").await;
    sees(&one.client, "Breaking news").await;
    assert_eq!(holds(&one.client, "#say-text").await, "a draft that stays");
    one.client.refresh().await.unwrap();
    sees(&one.client, "Your move").await;
    assert_eq!(holds(&one.client, "#say-text").await, "a draft that stays");
    press(&one.client, "#say").await;
    sees(&other.client, "a draft that stays").await;
    assert_eq!(holds(&one.client, "#say-text").await, "");
}

/// Who is asked ends their move by the keyboard alone.
async fn check_keyboard(people: &[Browser]) {
    let is_asked = "return document.getElementById('hold') !== null";
    let mut asked = None;
    for browser in people {
        if browser.finds(is_asked).await == true {
            asked = Some(browser);
        }
    }
    let client = &asked.expect("somebody is asked").client;
    let is_there = "return document.activeElement?.form?.id === 'hold'";
    for _ in 0..100 {
        if client.execute(is_there, Vec::new()).await.unwrap() == true {
            break;
        }
        client.active_element().await.unwrap().send_keys("\u{e004}").await.unwrap();
    }
    client.active_element().await.unwrap().send_keys("\u{e007}").await.unwrap();
    sees(client, "Noted.").await;
}

/// The policy plays both tables out, and everything is opened.
async fn end(host: &Browser) {
    for table in 0..2 {
        for fold in ["steer", "out"] {
            host.finds(&format!("document.getElementById('{fold}-{table}').open = true")).await;
        }
        press(&host.client, &format!("#play-out-{table}")).await;
        let over = format!("return document.getElementById('play-out-{table}') === null");
        for _ in 0..50 {
            if host.finds(&over).await == true {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    host.finds("document.getElementById('end').open = true").await;
    press(&host.client, "#debrief").await;
}

/// Names in several scripts; one is written from right to left, with a figure.
const NAMES: [&str; 6] = ["Zahra", "ليلى 7", "Ayşe", "Jo", "Kim", "Sam"];
const SEATS: [&str; 3] = ["delegation:pakistan", "delegation:afghanistan", "capital:pakistan"];

/// What somebody does who wants an agreement: they accept and ratify, offer the furthest that may
/// be signed, or hold. Gives what was done; nothing where nothing is asked.
const AGREEABLY: &str = "
const yes = [...document.querySelectorAll('details.grave')]
  .find((of) => /^(Accept|Ratify|Sign)/.test(of.querySelector('summary').innerText));
const sent = (form, what) => { form.querySelector('button').click(); return what; };
if (yes) { yes.open = true; return sent(yes, yes.querySelector('summary').innerText); }
const offer = document.getElementById('propose');
if (offer && offer.querySelector('button') && !window.hasOffered) {
  window.hasOffered = true;
  for (const select of offer.querySelectorAll('select')) {
    select.selectedIndex = select.options.length - 1;
    select.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return sent(offer, 'offer');
}
const hold = document.getElementById('hold');
return hold ? sent(hold, 'hold') : null;
";

/// Whether a page shows a text that is in force.
const IN_FORCE: &str = "return document.querySelector('[aria-label=\"In force\"]') !== null";

/// The people of a table talk until a text of theirs is in force. Gives what they did.
async fn agree(people: &[Browser]) -> Vec<String> {
    let mut done = Vec::new();
    for _ in 0..80 {
        for browser in people {
            if browser.finds(IN_FORCE).await == true {
                return done;
            }
            let did = browser.finds(AGREEABLY).await;
            if let Some(did) = did.as_str() {
                done.push(did.to_owned());
                tokio::time::sleep(Duration::from_millis(150)).await;
            }
        }
    }
    panic!("no text is in force: {done:?}");
}

#[tokio::test]
async fn a_class_goes_from_the_lobby_to_the_debrief() {
    let class = Served::start("classroom/in-class");
    let host = Browser::start().await;
    host.client.goto(&class.host).await.unwrap();
    sees(&host.client, "The class gathers").await;
    let mut found = faults(&host, "class-host-lobby").await;
    let (mut people, mut pins) = (Vec::new(), Vec::new());
    for (nth, name) in NAMES.iter().enumerate() {
        let sit = format!("[id='sit-{}-{}']", nth / SEATS.len(), SEATS[nth % SEATS.len()]);
        let (browser, pin) = joined(&class, name, &sit, &mut found).await;
        people.push(browser);
        pins.push(pin);
    }
    sees(&host.client, "6 joined, 6 here").await;
    sees(&host.client, NAMES[1]).await;
    press(&host.client, "#go-on").await;
    for browser in &people {
        sees(&browser.client, "Your move").await;
    }
    // An event of the scenario, and news in words, at one table.
    host.finds("document.getElementById('steer-0').open = true").await;
    host.finds("document.getElementById('shock-0').value = 'hard-words'").await;
    press(&host.client, "#inject-0").await;
    sees(&host.client, "It happens as the next turn begins").await;
    host.finds("document.getElementById('announce-table').value = '0'").await;
    write(&host.client, "#announce-text", "Fruit rots at the crossings.").await;
    press(&host.client, "#announce").await;
    sees(&people[0].client, "“Fruit rots at the crossings”").await;
    check_drafts(&host, &people[0], &people[1]).await;
    found.extend(faults(&people[0], "class-desk").await);
    found.extend(faults(&host, "class-host").await);
    check_keyboard(&people).await;
    let done = agree(&people[3..]).await;
    assert!(done.iter().any(|did| did == "offer"), "{done:?}");
    assert!(done.iter().any(|did| did.starts_with("Ratify")), "{done:?}");
    assert_eq!(host.finds(IN_FORCE).await, true);
    found.extend(faults(&people[3], "class-agreement").await);

    // A second device in the same seat.
    let device = Browser::start().await;
    device.client.goto(&class.address).await.unwrap();
    write(&device.client, "#back-name", NAMES[0]).await;
    write(&device.client, "#pin", &pins[0]).await;
    press(&device.client, "form[action='/back']").await;
    sees(&device.client, "The delegation of Pakistan").await;
    sees(&device.client, "a draft that stays").await;
    people.push(device);

    end(&host).await;
    sees(&people[0].client, "To the debrief").await;
    people[0].client.goto(&format!("{}/debrief", class.address)).await.unwrap();
    sees(&people[0].client, "Before you look").await;
    found.extend(faults(&people[0], "class-predict").await);
    write(&people[0].client, "#prediction-text", "They needed time.").await;
    press(&people[0].client, "#prediction").await;
    sees(&people[0].client, "What is in force, table by table").await;
    sees(&people[0].client, "They needed time.").await;
    sees(&people[0].client, "futures in which the computer plays all").await;
    found.extend(faults(&people[0], "class-debrief").await);
    host.client.goto(&format!("{}/projector", class.address)).await.unwrap();
    sees(&host.client, "everything is open to all").await;
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
