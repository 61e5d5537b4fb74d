//! Chromium in a window of a given width, light or dark; what it logged, asked for and broke.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::wd::{
    Capabilities, PrintConfiguration, TimeoutConfiguration, WebDriverCompatibleCommand,
};
use fantoccini::{Client, ClientBuilder};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// A browser of its own, with no profile of anyone's.
pub(crate) struct Browser {
    pub(crate) client: Client,
    driver: Driver,
}

/// The process that drives the browser; it ends with the test, also with one that fails.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Height of a window, in CSS pixels.
const HEIGHT: u64 = 900;

/// A page as it is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// Width of the window, in CSS pixels.
    pub(crate) width: u32,
    pub(crate) is_dark: bool,
}

impl Look {
    /// Wide and narrow, light and dark.
    pub(crate) const ALL: [Self; 4] = [
        Self { width: 1280, is_dark: false },
        Self { width: 1280, is_dark: true },
        Self { width: 360, is_dark: false },
        Self { width: 360, is_dark: true },
    ];

    pub(crate) fn name(self) -> String {
        format!("{}-{}", self.width, if self.is_dark { "dark" } else { "light" })
    }
}

/// A command that the standard does not have, but Chromium's driver does.
#[derive(Debug)]
struct Special {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Special {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Browser {
    pub(crate) async fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Driver)
            .expect("`chromedriver` is installed; `.ci/browser` does it");
        let mut lines = BufReader::new(driver.0.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let after = line.split_once("started successfully on port ")?.1.to_owned();
            after.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("the driver says on which port it listens");
        // Who no longer reads blocks who writes.
        std::thread::spawn(move || lines.for_each(drop));
        let options = json!({
            "goog:chromeOptions": { "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--hide-scrollbars", "--disable-dev-shm-usage",
            ] },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(options) = options else { unreachable!("it is written as an object") };
        let options: Capabilities = options;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(options)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("Chromium starts");
        let patient = TimeoutConfiguration::new(
            Some(Duration::from_mins(2)),
            Some(Duration::from_mins(1)),
            Some(Duration::ZERO),
        );
        client.update_timeouts(patient).await.unwrap();
        Self { client, driver }
    }

    pub(crate) async fn stop(self) {
        self.client.close().await.unwrap();
        drop(self.driver);
    }

    async fn special(&self, path: &'static str, body: Value) -> Value {
        self.client.issue_cmd(Special { path, body }).await.unwrap()
    }

    async fn devtools(&self, command: &str, params: Value) -> Value {
        self.special("goog/cdp/execute", json!({ "cmd": command, "params": params })).await
    }

    /// Takes on a width and a scheme of colours; the next page and the one shown have them.
    pub(crate) async fn look(&self, look: Look) {
        self.resize(look, HEIGHT).await;
        let scheme = if look.is_dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    async fn resize(&self, look: Look, height: u64) {
        let size = json!({
            "width": look.width, "height": height, "deviceScaleFactor": 1,
            "mobile": look.width < 600,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    /// What script in the page comes to.
    pub(crate) async fn finds(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// What the console said since it was last asked.
    pub(crate) async fn console(&self) -> Vec<String> {
        let log = self.special("se/log", json!({ "type": "browser" })).await;
        let entries = log.as_array().unwrap().iter();
        entries.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The addresses that pages asked for since they were last asked about.
    pub(crate) async fn requests(&self) -> Vec<String> {
        let log = self.special("se/log", json!({ "type": "performance" })).await;
        let told = |entry: &Value| -> Option<String> {
            let entry: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &entry["message"];
            let asks = ["Network.requestWillBeSent", "Network.webSocketCreated"];
            let params = &message["params"];
            asks.contains(&message["method"].as_str()?)
                .then(|| params["request"]["url"].as_str().or(params["url"].as_str()))
                .flatten()
                .map(str::to_owned)
        };
        log.as_array().unwrap().iter().filter_map(told).collect()
    }

    /// What axe finds amiss: rule, and the places that break it.
    pub(crate) async fn violations(&self) -> Vec<String> {
        let path = std::env::var("DEMARCHE_AXE").expect("DEMARCHE_AXE names `axe.min.js`");
        let axe = std::fs::read_to_string(&path).expect("axe can be read");
        let script = format!(
            "{axe};\nconst done = arguments[arguments.length - 1];\n\
             axe.run(document, {{ preload: false }}).then(found => done(found.violations.map(of => \
             of.id + ': ' + of.help + ' at ' + of.nodes.slice(0, 4).map(node => \
             node.target.join(' ') + ' (' + node.failureSummary + ')').join(', '))), \
             fault => done(['axe: ' + fault]));"
        );
        let found = self.client.execute_async(&script, Vec::new()).await.unwrap();
        let found = found.as_array().unwrap().iter();
        found.map(|of| of.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Keeps a picture of the page, whole unless it is very long, where pictures are wanted.
    pub(crate) async fn picture(&self, name: &str, look: Look) {
        let Some(folder) = std::env::var_os("DEMARCHE_SCREENSHOTS").map(PathBuf::from) else {
            return;
        };
        std::fs::create_dir_all(&folder).unwrap();
        let height = self.finds("return document.documentElement.scrollHeight").await;
        self.resize(look, height.as_u64().unwrap_or_default().clamp(600, 12_000)).await;
        let picture = self.client.screenshot().await.unwrap();
        std::fs::write(folder.join(format!("{name}-{}.png", look.name())), picture).unwrap();
        self.resize(look, HEIGHT).await;
    }

    /// The page as it is printed.
    pub(crate) async fn printed(&self) -> Vec<u8> {
        self.client.print(PrintConfiguration::default()).await.unwrap()
    }
}
