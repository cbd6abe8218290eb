use super::changes::{self, Label};
use super::{Files, recorded};

const OLD: &str = "\
versions 2024-05-09 2024-07-30  default 2024-07-30  idempotency key in 2024-07-30
client.parcels() -> ParcelsApi  [feature parcels]
  .send(id: ParcelId, body: ParcelSend) -> Parcel
      POST /parcels/{id}/send  since 2024-05-09  repeat never
      .towns([Text])  [by commas]
      .limit(Int32)  [1 to 100]
  .list() -> ParcelPage  [items]
      GET /parcels  since 2024-07-30  repeat http
struct Parcel
  weight: Decimal
  note: Option<String>
struct ParcelSend  [builder]  [from Parcel]
  weight: Decimal  [required]
  note: Patch<String>
  fee: Option<Decimal>  [required in 2024-05-09]
id ParcelId
enum Speed: FAST SLOW
union Form: BOX=Box TUBE=Tube
";

/// Replaces one part of the listing and returns the changes, one per line.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(OLD.matches(from).count(), 1, "{from}");
    let changes = changes::between(OLD, &OLD.replace(from, to));
    changes.iter().map(|change| format!("{change}\n")).collect()
}

#[test]
fn what_no_longer_compiles_or_is_refused_is_breaking() {
    for (from, to, expected) in [
        ("  note: Option<String>\n", "", "`Parcel.note` is removed"),
        ("id ParcelId\n", "", "`ParcelId` is removed"),
        (
            "struct Parcel\n  weight: Decimal\n  note: Option<String>\n",
            "",
            "`Parcel` is removed",
        ),
        (
            "note: Option<String>",
            "note: String",
            "`Parcel.note` has the type `String` instead of `Option<String>`",
        ),
        (
            "fee: Option<Decimal>  [required in 2024-05-09]",
            "fee: Option<Decimal>  [required]",
            "`ParcelSend.fee` is required now",
        ),
        (
            "  [required in 2024-05-09]",
            "  [required in 2024-05-09 2024-07-30]",
            "`ParcelSend.fee` is required in 2024-05-09 2024-07-30 instead of 2024-05-09",
        ),
        (
            "  note: Patch<String>\n",
            "  note: Patch<String>\n  to: String  [required]\n",
            "`ParcelSend.to` is new and required: `String`",
        ),
        ("  [builder]", "", "`ParcelSend` no longer has a builder"),
        (
            "  [from Parcel]",
            "",
            "`ParcelSend` no longer has `from(&Parcel)`",
        ),
        (
            "      .limit(Int32)  [1 to 100]\n",
            "",
            "`parcels().send().limit` is removed",
        ),
        (
            ".limit(Int32)",
            ".limit(Int64)",
            "`parcels().send().limit` accepts `(Int64)` instead of `(Int32)`",
        ),
        (
            ") -> Parcel\n",
            ", dry: Boolean) -> Parcel\n",
            "`parcels().send()` has the signature `(id: ParcelId, body: ParcelSend, dry: Boolean) -> Parcel` instead of \
          `(id: ParcelId, body: ParcelSend) -> Parcel`",
        ),
        (
            "  [items]",
            "",
            "`parcels().list()` is no longer a stream of items",
        ),
        (
            "send  since 2024-05-09",
            "send  since 2024-07-30",
            "`parcels().send()` no longer exists in `2024-05-09`",
        ),
        (
            "[1 to 100]",
            "[1 to 100]  [in 2024-05-09]",
            "`parcels().send().limit` no longer exists in `2024-07-30`",
        ),
        (
            "[feature parcels]",
            "[feature posts]",
            "`parcels()` needs the feature `posts`",
        ),
        ("FAST SLOW", "FAST", "`Speed` no longer has `SLOW`"),
        (
            "TUBE=Tube",
            "TUBE=Pipe",
            "`Form` has the variant `Pipe` instead of `Tube` for `TUBE`",
        ),
        (
            "2024-05-09 2024-07-30  default",
            "2024-07-30  default",
            "`ApiVersion` no longer has `2024-05-09`",
        ),
    ] {
        assert_eq!(changed(from, to), format!("breaking  {expected}\n"));
    }
}

#[test]
fn what_compiles_and_acts_differently_is_behavior() {
    for (from, to, expected) in [
        (
            "note: Option<String>",
            "note: Option<String>  [in 2024-05-09]",
            "`Parcel.note` no longer exists in `2024-07-30`",
        ),
        (
            "FAST SLOW",
            "FAST SLOW STOP",
            "`Speed` newly has `STOP`, which was `Unrecognized` before",
        ),
        (
            "TUBE=Tube",
            "TUBE=Tube ROLL=Roll",
            "`Form` newly has `ROLL`, which was `Unrecognized` before",
        ),
        (
            "FAST SLOW",
            "FAST SLOW@2024-07-30",
            "`Speed` has `SLOW` in 2024-07-30 instead of all versions",
        ),
        (
            "POST /parcels",
            "PUT /parcels",
            "`parcels().send()` is sent to `PUT /parcels/{id}/send` instead of `POST /parcels/{id}/send`",
        ),
        (
            "repeat never",
            "repeat safe",
            "`parcels().send()` is `repeat safe` instead of `repeat never`",
        ),
        (
            "[by commas]",
            "[repeated]",
            "`parcels().send().towns` is `repeated` instead of `by commas`",
        ),
        (
            "[1 to 100]",
            "[1 to 50]",
            "`parcels().send().limit` is `1 to 50` instead of `1 to 100`",
        ),
        (
            "  weight: Decimal\n",
            "  weight: Decimal  [as number]\n",
            "`Parcel.weight` is `as number` now",
        ),
        (
            "note: Option<String>",
            "note: Option<String>  [sent as remark]",
            "`Parcel.note` is `sent as remark` now",
        ),
        (
            "note: Option<String>",
            "note: Option<String>  [deprecated]",
            "`Parcel.note` is deprecated",
        ),
        (
            "default 2024-07-30",
            "default 2024-05-09",
            "`ApiVersion` is `default 2024-05-09` instead of `default 2024-07-30`",
        ),
    ] {
        assert_eq!(changed(from, to), format!("behavior  {expected}\n"));
    }
}

#[test]
fn what_leaves_programs_alone_is_additive() {
    for (from, to, expected) in [
        (
            "  note: Option<String>\n",
            "  note: Option<String>\n  due: Option<NaiveDate>\n",
            "`Parcel.due` is new: `Option<NaiveDate>`",
        ),
        (
            "      .limit(Int32)",
            "      .before(Date)\n      .limit(Int32)",
            "`parcels().send().before` is new: `(Date)`",
        ),
        (
            "struct Parcel\n",
            "struct Depot\n  town: String\nstruct Parcel\n",
            "`Depot` is new",
        ),
        (
            "  .list() ->",
            "  .get() -> Parcel\n      GET /parcel  since 2024-07-30  repeat http\n  .list() ->",
            "`parcels().get()` is new: `() -> Parcel`",
        ),
        (
            "weight: Decimal  [required]",
            "weight: Decimal",
            "`ParcelSend.weight` is optional now",
        ),
        (
            "  [required in 2024-05-09]",
            "",
            "`ParcelSend.fee` is no longer required in 2024-05-09",
        ),
        (
            "since 2024-07-30",
            "since 2024-05-09",
            "`parcels().list()` exists in `2024-05-09` too",
        ),
        (
            "2024-07-30  default",
            "2024-07-30 2025-01-01  default",
            "`ApiVersion` newly has `2025-01-01`",
        ),
    ] {
        assert_eq!(changed(from, to), format!("additive  {expected}\n"));
    }
}

#[test]
fn the_same_items_in_another_order_are_no_change() {
    assert_eq!(changed("FAST SLOW", "SLOW FAST"), "");
    assert!(changes::between(OLD, OLD).is_empty());
}

fn files(changelog: &str) -> Files {
    let current = OLD
        .replace("FAST SLOW", "FAST STOP")
        .replace("  note: Option<String>\n", "");
    Files {
        released: format!("# The public surface of 0.1.0.\n{OLD}"),
        current,
        changelog: changelog.to_owned(),
    }
}

#[test]
fn a_breaking_change_has_to_be_named_under_breaking_of_the_unreleased_section() {
    let unnamed = |changelog: &str| files(changelog).report().unwrap().1;
    let released = "\n## 0.1.0\n\n### Breaking\n\n- `Parcel.note` and `Speed` without `SLOW`.\n";
    assert_eq!(
        unnamed(&format!("## Unreleased\n{released}")),
        2,
        "of the last release"
    );
    let added = "## Unreleased\n\n### Added\n\n- `Parcel.note`.\n";
    assert_eq!(unnamed(&format!("{added}{released}")), 2, "under another heading");
    let entry =
        "## Unreleased\n\n### Breaking\n\n- `Parcel.note`, which\n  is gone.\n- `Speed`.\n- `SLOW`.\n";
    assert_eq!(
        unnamed(&format!("{entry}{released}")),
        1,
        "the value is in another entry"
    );
    let both = "## Unreleased\n\n### Breaking\n\n- `Parcel.note` is gone.\n- `SLOW` of `Speed` is gone.\n";
    assert_eq!(unnamed(&format!("{both}{released}")), 0);
}

#[test]
fn the_draft_has_what_the_changelog_lacks_by_heading_and_is_accepted_as_it_is() {
    let (text, _) = files("## Unreleased\n").report().unwrap();
    let (_, draft) = text.split_once("`## Unreleased`:\n\n").unwrap();
    assert_eq!(
        draft,
        "### Breaking\n\n- `Parcel.note` is removed.\n- `Speed` no longer has `SLOW`.\n\n### Changed\n\n- `Speed` newly \
         has `STOP`, which was `Unrecognized` before.\n\n"
    );
    let (text, unnamed) = files(&format!("## Unreleased\n\n{draft}")).report().unwrap();
    assert_eq!(unnamed, 0);
    assert!(!text.contains("draft"), "{text}");
}

#[test]
fn a_release_is_recorded_once() {
    let released = format!("# The public surface of 0.1.0.\n{OLD}");
    let again = recorded(&released, OLD, "## Unreleased\n\n## 0.1.0 (2026-12-01)\n").unwrap_err();
    assert!(again.contains("of 0.1.0 already"), "{again}");
    let next = "## Unreleased\n\n## 0.2.0 (2027-01-01)\n\n## 0.1.0\n";
    let text = recorded(&released, "id ParcelId\n", next);
    assert_eq!(
        text.as_deref(),
        Ok("# The public surface of 0.2.0.\nid ParcelId\n")
    );
    let text = recorded("", "id ParcelId\n", "## Unreleased\n").unwrap();
    assert_eq!(
        recorded(&text, "id ParcelId\n", "## Unreleased\n"),
        Ok(text),
        "until the first release"
    );
}

#[test]
fn labels_are_ordered_by_what_users_have_to_do() {
    assert!(Label::Additive < Label::Behavior && Label::Behavior < Label::Breaking);
}
