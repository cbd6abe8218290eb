//! The credentials of a client: fixed, or from a provider, which is asked once for all calls that wait.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use crate::credentials::{Credentials, CredentialsProvider, CredentialsSource, ProviderError};
use crate::redact::Redactor;

/// The credentials of an attempt, and what removes them from the response.
pub(super) struct Key {
    pub(super) credentials: Credentials,
    pub(super) redactor: Redactor,
}

/// The error of a provider, shared by all calls that waited for it.
#[derive(Clone, Debug)]
pub(super) struct ProviderFailed(Arc<ProviderError>);

impl ProviderFailed {
    pub(super) fn late(limit: Duration) -> Self {
        Self(Arc::new(format!("it did not respond within {limit:?}").into()))
    }
}

impl fmt::Display for ProviderFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for ProviderFailed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // Its own text is that of the inner error.
        self.0.source()
    }
}

pub(super) struct Keys {
    /// `None` until the provider was asked.
    current: RwLock<Option<Arc<Key>>>,
    provider: Option<Arc<dyn CredentialsProvider>>,
    /// The result of the last request to the provider. Held during a request.
    last: tokio::sync::Mutex<Result<(), ProviderFailed>>,
    /// The number of completed requests to the provider.
    completed: AtomicU64,
}

impl Keys {
    pub(super) fn new(source: CredentialsSource) -> Self {
        let (fixed, provider) = match source {
            CredentialsSource::Fixed(credentials) => (Some(credentials), None),
            CredentialsSource::Provider(provider) => (None, Some(provider)),
        };
        let keys = Self {
            current: RwLock::new(None),
            provider,
            last: tokio::sync::Mutex::new(Ok(())),
            completed: AtomicU64::new(0),
        };
        if let Some(credentials) = fixed {
            keys.set(credentials);
        }
        keys
    }

    pub(super) fn current(&self) -> Option<Arc<Key>> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Replaces the credentials of later attempts, unless they are equal. The earlier ones are still removed from
    /// responses.
    pub(super) fn set(&self, credentials: Credentials) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let redactor = match &*current {
            Some(key) if key.credentials == credentials => return,
            Some(key) => credentials.redactor().after(&key.redactor),
            None => credentials.redactor(),
        };
        *current = Some(Arc::new(Key {
            credentials,
            redactor,
        }));
    }

    /// Returns the credentials for an attempt, from the provider if it was not asked before.
    pub(super) async fn get(&self) -> Result<Arc<Key>, ProviderFailed> {
        loop {
            if let Some(key) = self.current() {
                return Ok(key);
            }
            self.ask().await?;
        }
    }

    /// Returns credentials other than those that the API rejected, or `None` if the provider has no others.
    pub(super) async fn renewed(&self, rejected: &Arc<Key>) -> Result<Option<Arc<Key>>, ProviderFailed> {
        let other = || self.current().filter(|key| !Arc::ptr_eq(key, rejected));
        if let Some(key) = other() {
            return Ok(Some(key));
        }
        self.ask().await?;
        Ok(other())
    }

    /// Asks the provider. A caller that waits for the request of another one shares its result.
    async fn ask(&self) -> Result<(), ProviderFailed> {
        let Some(provider) = &self.provider else {
            return Ok(());
        };
        let completed = self.completed.load(Ordering::Acquire);
        let mut last = self.last.lock().await;
        if self.completed.load(Ordering::Acquire) == completed {
            *last = match provider.credentials().await {
                Ok(credentials) => {
                    self.set(credentials);
                    Ok(())
                }
                Err(error) => Err(ProviderFailed(Arc::new(error))),
            };
            self.completed.fetch_add(1, Ordering::AcqRel);
        }
        last.clone()
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.current() {
            Some(key) => fmt::Debug::fmt(&key.credentials, f),
            None => f.write_str("from a provider, not asked yet"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::credentials::CredentialsFuture;

    /// Returns these secrets in turn, once `open` has a permit; `None` is an error.
    struct Vault {
        secrets: Mutex<Vec<Option<&'static str>>>,
        open: tokio::sync::Semaphore,
    }

    impl CredentialsProvider for Arc<Vault> {
        fn credentials(&self) -> CredentialsFuture<'_> {
            Box::pin(async {
                self.open.acquire().await?.forget();
                let next = self.secrets.lock().expect("no holder panics").remove(0);
                Ok(Credentials::new("id", next.ok_or("sealed")?)?)
            })
        }
    }

    fn keys(secrets: &[Option<&'static str>]) -> (Arc<Keys>, Arc<Vault>) {
        let vault = Arc::new(Vault {
            secrets: Mutex::new(secrets.to_vec()),
            open: tokio::sync::Semaphore::new(0),
        });
        let source = CredentialsSource::Provider(Arc::new(Arc::clone(&vault)));
        (Arc::new(Keys::new(source)), vault)
    }

    type Boxed<T> = std::pin::Pin<Box<dyn Future<Output = Result<T, ProviderFailed>> + Send>>;

    fn is(key: &Key, secret: &str) -> bool {
        key.credentials == Credentials::new("id", secret).expect("good")
    }

    /// Runs `count` equal requests until all wait, opens the vault once, and returns the results.
    async fn together<T: Send + 'static>(
        vault: &Vault,
        request: impl Fn() -> Boxed<T>,
    ) -> Vec<Result<T, ProviderFailed>> {
        let tasks: Vec<_> = (0..20).map(|_| tokio::spawn(request())).collect();
        tokio::task::yield_now().await;
        vault.open.add_permits(1);
        let mut results = Vec::new();
        for task in tasks {
            results.push(task.await.expect("joined"));
        }
        results
    }

    #[tokio::test]
    async fn all_that_wait_share_one_request_and_its_result() {
        let (keys, vault) = keys(&[None, Some("one"), Some("two"), Some("two")]);
        let get = |keys: &Arc<Keys>| {
            let keys = Arc::clone(keys);
            Box::pin(async move { keys.get().await }) as Boxed<Arc<Key>>
        };
        for result in together(&vault, || get(&keys)).await {
            assert_eq!(result.err().expect("the vault is sealed").to_string(), "sealed");
        }
        let mut first = None;
        for result in together(&vault, || get(&keys)).await {
            let key = result.expect("open");
            assert!(is(&key, "one"));
            first = Some(key);
        }
        assert_eq!(vault.secrets.lock().expect("no holder panics").len(), 2, "cached");

        let first = first.expect("a key");
        let renew = |rejected: &Arc<Key>| {
            let (keys, rejected) = (Arc::clone(&keys), Arc::clone(rejected));
            Box::pin(async move { keys.renewed(&rejected).await }) as Boxed<Option<Arc<Key>>>
        };
        for result in together(&vault, || renew(&first)).await {
            assert!(is(&result.expect("open").expect("another one"), "two"));
        }
        let second = keys.current().expect("set");
        assert!(is(&second, "two"));
        for result in together(&vault, || renew(&second)).await {
            assert!(result.expect("open").is_none(), "the same secret again");
        }
        assert!(vault.secrets.lock().expect("no holder panics").is_empty());
        // The credentials of before the last rotation were replaced since, so nothing is asked.
        assert!(is(
            &keys.renewed(&first).await.expect("cached").expect("newer"),
            "two"
        ));
    }

    #[tokio::test]
    async fn a_request_that_is_dropped_leaves_the_provider_to_the_next_one() {
        let (keys, vault) = keys(&[Some("one")]);
        let first = {
            let keys = Arc::clone(&keys);
            tokio::spawn(async move { keys.get().await.map(drop) })
        };
        tokio::task::yield_now().await;
        first.abort();
        assert!(first.await.is_err());
        vault.open.add_permits(1);
        assert!(is(&keys.get().await.expect("open"), "one"));
    }

    #[tokio::test]
    async fn fixed_credentials_are_not_renewed() {
        let source = CredentialsSource::Fixed(Credentials::new("id", "one").expect("good"));
        let keys = Keys::new(source);
        let key = keys.get().await.expect("fixed");
        assert!(keys.renewed(&key).await.expect("no provider").is_none());
        keys.set(Credentials::new("id", "two").expect("good"));
        assert!(is(
            &keys.renewed(&key).await.expect("set").expect("another one"),
            "two"
        ));
    }
}
