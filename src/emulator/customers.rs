//! Customers, as far as invoices and events need them. They are seeded: the customer operations answer 501.

use serde_json::{Map, Value, json};

use super::state::State;

/// What a customer is made of, for [`Emulator::add_customer`](super::Emulator::add_customer).
///
/// A name alone is enough: the customer then lives in London, is taxed, and has
/// one e-mail address.
///
/// ```
/// # use sequencehq::emulator::CustomerSeed;
/// let seed = CustomerSeed::new("Acme GmbH")
///     .email("rechnungen@acme.example")
///     .address("Lindenallee 1", "Berlin", "10115", "DE")
///     .tax_id("DE123456789")
///     .reverse_charged();
/// # let _ = seed;
/// ```
#[derive(Debug, Clone)]
pub struct CustomerSeed {
    legal_company_name: String,
    aliases: Vec<String>,
    emails: Vec<String>,
    address: Value,
    tax_id: Option<String>,
    tax_status: &'static str,
    archived: bool,
}

/// A customer in the books.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    seed: CustomerSeed,
}

impl CustomerSeed {
    /// A customer with this registered name, and otherwise the defaults.
    pub fn new(legal_company_name: impl Into<String>) -> Self {
        Self {
            legal_company_name: legal_company_name.into(),
            aliases: Vec::new(),
            emails: Vec::new(),
            address: json!({
                "line1": "1 Example Street",
                "town": "London",
                "postcode": "EC1A 1AA",
                "country": "GB",
            }),
            tax_id: None,
            tax_status: "TAXED",
            archived: false,
        }
    }

    /// Adds a name under which usage and seat events can mean this customer. Its id is one in any case.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// Adds an e-mail address that invoices go to. The first one replaces the default.
    #[must_use]
    pub fn email(mut self, address: impl Into<String>) -> Self {
        self.emails.push(address.into());
        self
    }

    /// Billing and shipping address. `country` is a code of two letters, such as `DE`.
    #[must_use]
    pub fn address(mut self, line1: &str, town: &str, postcode: &str, country: &str) -> Self {
        self.address = json!({
            "line1": line1,
            "town": town,
            "postcode": postcode,
            "country": country,
        });
        self
    }

    /// State or province of the address set before, such as `CA`.
    #[must_use]
    pub fn state(mut self, state: &str) -> Self {
        self.address["state"] = state.into();
        self
    }

    /// Tax number, printed on invoices.
    #[must_use]
    pub fn tax_id(mut self, tax_id: impl Into<String>) -> Self {
        self.tax_id = Some(tax_id.into());
        self
    }

    /// Shows tax status `TAX_EXEMPT`. Lines are still taxed at the rate they name.
    #[must_use]
    pub fn tax_exempt(mut self) -> Self {
        self.tax_status = "TAX_EXEMPT";
        self
    }

    /// Shows tax status `REVERSE_CHARGED`. Lines are still taxed at the rate they name.
    #[must_use]
    pub fn reverse_charged(mut self) -> Self {
        self.tax_status = "REVERSE_CHARGED";
        self
    }

    /// Shows the customer as archived. It can still be billed.
    #[must_use]
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }
}

impl From<&str> for CustomerSeed {
    fn from(legal_company_name: &str) -> Self {
        Self::new(legal_company_name)
    }
}

impl From<String> for CustomerSeed {
    fn from(legal_company_name: String) -> Self {
        Self::new(legal_company_name)
    }
}

impl Customer {
    pub(super) fn add(state: &mut State, mut seed: CustomerSeed) -> String {
        if seed.emails.is_empty() {
            seed.emails.push("billing@customer.example".to_owned());
        }
        let id = state.new_id();
        state.customers.insert(id.clone(), Self { seed });
        id
    }

    pub(super) fn has_alias(&self, alias: &str) -> bool {
        self.seed.aliases.iter().any(|own| own == alias)
    }

    pub(super) fn is_archived(&self) -> bool {
        self.seed.archived
    }

    /// What an invoice takes over from its customer, under the names that it has there.
    pub(super) fn invoice_fields(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put(
            "customerLegalCompanyName",
            self.seed.legal_company_name.as_str().into(),
        );
        put("customerEmails", self.seed.emails.clone().into());
        put("customerBillingAddress", self.seed.address.clone());
        put("customerShippingAddress", self.seed.address.clone());
        put("customerTaxStatus", self.seed.tax_status.into());
        if let Some(tax_id) = &self.seed.tax_id {
            put("customerTaxId", tax_id.as_str().into());
        }
        fields
    }
}
