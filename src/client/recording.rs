//! Clients that record, and clients that replay.

use crate::client::builder::ClientBuilder;
use crate::client::handle::Client;
use crate::clock::ManualClock;
use crate::credentials::Credentials;
use crate::recording::{Recorder, Replay};

impl ClientBuilder {
    /// Writes every request and its response to a file, without credentials. See [`recording`](crate::recording).
    ///
    /// ```no_run
    /// use sequencehq::ClientBuilder;
    /// use sequencehq::recording::Recorder;
    ///
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let recorder = Recorder::create("tests/fixtures/acme.json")?;
    /// let client = ClientBuilder::from_env()?.record(&recorder).build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "recording")))]
    pub fn record(mut self, recorder: &Recorder) -> Self {
        self.tape.recorder = Some(recorder.clone());
        self
    }

    /// Answers every request from a recording, and sends none. See [`recording`](crate::recording).
    ///
    /// [`Replay::client`] returns a client with settings for tests. A base URL with another path than the one that was recorded has
    /// other requests.
    #[cfg_attr(docsrs, doc(cfg(feature = "recording")))]
    pub fn replay(mut self, replay: &Replay) -> Self {
        self.tape.replay = Some(replay.clone());
        self
    }
}

impl Replay {
    /// Returns a client that is answered from this recording. Waits of retries and rate limits end at once.
    pub fn client(&self) -> Client {
        self.client_builder()
            .build()
            .expect("the settings of a replay are valid")
    }

    /// Returns a builder for such a client.
    ///
    /// ```no_run
    /// use sequencehq::ApiVersion;
    /// use sequencehq::recording::Replay;
    ///
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let replay = Replay::open("tests/fixtures/acme.json")?;
    /// let client = replay.client_builder().api_version(ApiVersion::V2024_05_09).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_builder(&self) -> ClientBuilder {
        // A secret is removed from what is compared, so that this one must not occur in a request.
        let credentials = Credentials::new("replay", "no-secret-of-a-replay");
        Client::builder(credentials.expect("they are valid"))
            .clock(ManualClock::running())
            .replay(self)
    }
}
