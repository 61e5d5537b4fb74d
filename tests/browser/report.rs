//! Reports in a browser.

use std::path::{Path, PathBuf};

use support::{check_none, demarche, root};

use crate::browser::{Browser, Look};

/// Runs the program, which has to come to a good end.
fn ran(args: &[&str]) -> String {
    let output = demarche().args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}:\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// An empty folder for passing use.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("browser-{name}"));
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The page of a report of batches.
fn reported(folder: &Path, batches: &[(&str, &[&str])]) -> PathBuf {
    let mut folders = Vec::new();
    for (name, arguments) in batches {
        let place = folder.join(name).to_string_lossy().into_owned();
        ran(&[&["batch"], *arguments, &["-o", &place]].concat());
        folders.push(place);
    }
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let page = folder.join("report.html");
    ran(&[&["report"], folders.as_slice(), &["-o", &page.to_string_lossy()]].concat());
    page
}

/// Charts that hold nothing, run over their frame or have no size; and how many there are in all.
const CHARTS: &str = "
    const charts = [...document.querySelectorAll('figure svg')];
    const faults = charts.filter(svg => {
        const frame = svg.getBoundingClientRect();
        const marks = [...svg.querySelectorAll('path, circle, rect, line, polygon, text')];
        const drawn = marks.filter(mark => {
            const box = mark.getBoundingClientRect();
            return box.width + box.height > 0;
        });
        return frame.width < 120 || frame.height < 80 || drawn.length < 4;
    });
    return { all: charts.length, faults: faults.map(svg => svg.closest('figure').id) };";

/// Whether something makes the page wider than its window.
const OVERFLOW: &str = "return document.documentElement.scrollWidth - window.innerWidth;";

/// Looks at a page in every way, and tells what is amiss.
async fn faults(browser: &Browser, name: &str, page: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    let places = std::fs::read_to_string(page).unwrap().matches("<div class=\"chart\">").count();
    let address = format!("file://{}", page.to_string_lossy());
    for look in Look::ALL {
        let mut fault = |what: String| faults.push(format!("{name}, {}: {what}", look.name()));
        browser.look(look).await;
        browser.requests().await;
        browser.client.goto(&address).await.unwrap();
        let charts = browser.finds(CHARTS).await;
        if charts["all"] != places {
            fault(format!("{} charts of {places}", charts["all"]));
        }
        for chart in charts["faults"].as_array().unwrap() {
            fault(format!("nothing drawn in {chart}"));
        }
        let over = browser.finds(OVERFLOW).await.as_i64().unwrap_or_default();
        if over > 0 {
            fault(format!("{over} px wider than the window"));
        }
        for said in browser.console().await {
            fault(format!("the console says {said}"));
        }
        for asked in browser.requests().await.into_iter().filter(|asked| *asked != address) {
            fault(format!("asks for {asked}"));
        }
        browser.violations().await.into_iter().for_each(&mut fault);
        browser.picture(name, look).await;
    }
    let printed = browser.printed().await;
    if !printed.starts_with(b"%PDF-") || printed.len() < 20_000 {
        faults.push(format!("{name}: printed, it comes to {} bytes", printed.len()));
    }
    faults
}

#[tokio::test]
async fn a_report_is_drawn_whole_quiet_and_open_to_all() {
    let folder = folder("report");
    let browser = Browser::start().await;
    let mut found = Vec::new();

    // Two batches of the same futures, with names that would break a page that trusts them.
    let text = ran(&["scenario", "show", "textbook/symmetric-dispute", "--toml"]);
    let hostile = "</style><script>console.error(1)</script><img src=//example.invalid/x>";
    let text = text.replace("A symmetric dispute", hostile).replace("\"East\"", "\"<b>שרק\"");
    let file = folder.join("hostile.toml");
    std::fs::write(&file, text).unwrap();
    let file = file.to_string_lossy();
    let as_it_was: &[&str] = &[&file, "-n", "200"];
    let slower = [as_it_was, &["--set", "clock.turn-hours=2"]].concat();
    let page =
        reported(&folder.join("pair"), &[("as it was", as_it_was), ("slower & <b>", &slower)]);
    found.extend(faults(&browser, "pair", &page).await);

    // A design, whose report has swings and screening.
    let design = ["historical/doha-istanbul", "--vary", "world.enforcement"];
    let sobol = [design.as_slice(), &["-n", "128", "--design", "sobol"]].concat();
    let page = reported(&folder.join("sobol"), &[("sobol", &sobol)]);
    found.extend(faults(&browser, "sobol", &page).await);
    let morris = [design.as_slice(), &["-n", "80", "--design", "morris"]].concat();
    let page = reported(&folder.join("morris"), &[("morris", &morris)]);
    found.extend(faults(&browser, "morris", &page).await);

    // The example of the guide.
    let example = root().join("docs/guide/example-report.html");
    found.extend(faults(&browser, "example", &example).await);

    browser.stop().await;
    check_none(&found);
}
