//! Drives the page of the emulator in Chromium, headless, through `chromedriver`.

use std::error::Error;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use sequencehq_emulator::Emulator;
use sequencehq_emulator::seed::Seed;
use serde_json::{Map, json};
use url::{ParseError, Url};

/// How long a page may take to show what is expected.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the driver is asked whether it is ready, ten times a second.
const ATTEMPTS: u32 = 150;
/// No window is narrower, but a telephone is.
const NARROWEST: u32 = 500;

pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How a page is looked at.
#[derive(Clone, Copy)]
pub struct Look {
    pub width: u32,
    pub height: u32,
    pub is_dark: bool,
}

/// A window of usual size, in light colours.
pub const LIGHT: Look = Look {
    width: 1280,
    height: 900,
    is_dark: false,
};

/// A browser with one window. Dropping it ends the browser and its driver.
pub struct Browser {
    client: Client,
    driver: Child,
    root: String,
    pictures: PathBuf,
}

impl Browser {
    /// Opens a browser that looks at an emulator, and keeps its pictures in a folder.
    pub async fn open(emulator: &Emulator, look: Look, pictures: &Path) -> Result<Self> {
        fs::create_dir_all(pictures)?;
        let (driver, port) = start_driver()?;
        let connected = connect(port, look).await;
        let client = match connected {
            Ok(client) => client,
            Err(error) => {
                stop(driver);
                return Err(error);
            }
        };
        Ok(Self {
            client,
            driver,
            root: emulator.control_url(),
            pictures: pictures.to_owned(),
        })
    }

    /// Opens a page below the base, the overview if the path is empty.
    pub async fn go(&self, path: &str) -> Result<()> {
        let address = match path {
            "" => self.root.clone(),
            path => format!("{}page/{path}", self.root),
        };
        Ok(self.client.goto(&address).await?)
    }

    /// The driver's client, for what has no method here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Clicks on the link or button with this text, once it is there.
    pub async fn click(&self, text: &str) -> Result<()> {
        let literal = format!("\"{text}\"");
        let path =
            format!("//main//*[self::a or self::button or self::summary][normalize-space()={literal}]");
        let menu = format!("//nav//a[normalize-space()={literal}]");
        let found = self.find(&format!("({path} | {menu})[1]")).await?;
        Ok(found.click().await?)
    }

    /// Fills in the field with this label.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let field = self
            .find(&format!("//*[@id=//label[normalize-space()=\"{label}\"]/@for]"))
            .await?;
        // A date field accepts keys in the order of the locale, and a script any date.
        let script = "arguments[0].value = arguments[1];";
        let arguments = vec![serde_json::to_value(&field)?, text.into()];
        self.client.execute(script, arguments).await?;
        Ok(())
    }

    /// Waits until the page shows a text.
    pub async fn see(&self, text: &str) -> Result<()> {
        let path = format!("//body//*[contains(normalize-space(), \"{text}\")]");
        self.find(&path).await?;
        Ok(())
    }

    /// The text of the page.
    pub async fn text(&self) -> Result<String> {
        Ok(self.find("//body").await?.text().await?)
    }

    async fn find(&self, path: &str) -> Result<Element> {
        let wait = self.client.wait().at_most(PATIENCE);
        let found = wait.for_element(Locator::XPath(path)).await;
        match found {
            Ok(found) => Ok(found),
            Err(error) => {
                self.picture("failure").await?;
                let address = self.client.current_url().await?;
                Err(format!("{address}: {path} did not appear ({error}). See failure.png.").into())
            }
        }
    }

    /// The errors in the console.
    pub async fn errors(&self) -> Result<Vec<String>> {
        let entries = self.client.issue_cmd(Console).await?;
        let entries = entries.as_array().cloned().unwrap_or_default();
        let severe = entries.into_iter().filter(|entry| entry["level"] == "SEVERE");
        Ok(severe.map(|entry| entry["message"].to_string()).collect())
    }

    /// Keeps a picture of the window.
    pub async fn picture(&self, name: &str) -> Result<()> {
        let bytes = self.client.screenshot().await?;
        Ok(fs::write(self.pictures.join(format!("{name}.png")), bytes)?)
    }

    /// Ends the session. A failure only leaves it to the end of the driver.
    pub async fn close(self) {
        let _ = self.client.clone().close().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It ends the browser too.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn stop(mut driver: Child) {
    let _ = driver.kill();
    let _ = driver.wait();
}

/// Starts the driver on a free port.
fn start_driver() -> Result<(Child, u16)> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let driver = Command::new("chromedriver")
        .arg(format!("--port={port}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("chromedriver cannot be started: {error}. Install chromium-driver."))?;
    Ok((driver, port))
}

#[expect(clippy::disallowed_methods, reason = "a browser starts in real time")]
async fn connect(port: u16, look: Look) -> Result<Client> {
    let scheme = if look.is_dark { 0 } else { 1 };
    let arguments = [
        "--headless=new".to_owned(),
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--hide-scrollbars".to_owned(),
        // No name is resolved, so that a page that needs another server fails.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1".to_owned(),
        format!("--blink-settings=preferredColorScheme={scheme}"),
        format!("--window-size={},{}", look.width, look.height),
    ];
    let mut options = json!({"args": arguments});
    if look.width < NARROWEST {
        let metrics = json!({"width": look.width, "height": look.height, "pixelRatio": 1.0});
        options["mobileEmulation"] = json!({"deviceMetrics": metrics});
    }
    let capabilities = Map::from_iter([
        ("goog:chromeOptions".to_owned(), options),
        ("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"})),
    ]);
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let address = format!("http://127.0.0.1:{port}");
    let mut left = ATTEMPTS;
    loop {
        match builder.connect(&address).await {
            Ok(client) => return Ok(client),
            Err(error) if left == 0 => return Err(error.into()),
            Err(_) => left -= 1,
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Reads the console, which has errors of scripts and what the policy of the page refused.
#[derive(Debug)]
struct Console;

impl WebDriverCompatibleCommand for Console {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> std::result::Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({"type": "browser"}).to_string()))
    }
}

/// Starts an emulator with the demo company, as the program does with `--demo`.
pub async fn demo() -> Result<Emulator> {
    let seed = Seed::demo().map_err(|error| error.lines().join(" "))?;
    let mut builder = Emulator::builder();
    if let Some(date) = seed.date() {
        builder = builder.date(date);
    }
    let emulator = builder.start().await?;
    seed.apply(emulator.world())
        .map_err(|error| error.lines().join(" "))?;
    Ok(emulator)
}
