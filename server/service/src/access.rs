//! Who may open a collection. To a person without the right it does not exist: no name of it is told to them, by
//! whatever way they ask.

use crate::{Error, Service, collections};
use model::account::{CurrentUser, Role};
use model::collection::Collection;

use model::columns::{self, Column};
use model::explore::{Facet, FacetValue};
use model::filter::{Predicate, Scalar, Test};
use model::{Filter, Row};
use std::collections::BTreeSet;

pub use store::access::Access;

/// What is hidden from a person: the collections that they may not open.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hidden(pub store::access::Hidden);

impl Hidden {
    /// What is hidden from that person. Whether somebody may open a collection is decided here, and nowhere else.
    pub async fn from(service: &Service, user: &CurrentUser) -> Result<Self, Error> {
        match user.role {
            Role::Admin => Ok(Self::default()),
            Role::Viewer | Role::Analyst => Ok(Self(store::access::hidden_from(&service.store, user.id).await?)),
        }
    }

    /// Whether that collection is.
    pub fn has(&self, slug: &str) -> bool {
        self.0.closed.collections.contains(slug)
    }

    /// Whether it is the path of a page of one of them.
    pub fn has_path(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix("/c/") else { return false };
        let segment = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // Decoded as the name of a field: a path of ours is written alike.
        let slug = url::form_urlencoded::parse(segment.as_bytes()).next();
        slug.is_some_and(|(slug, _)| self.has(&slug))
    }

    /// The values of the column that would tell of them, and the others that it may have.
    fn names(&self, column: &Column) -> Option<[&BTreeSet<String>; 2]> {
        let (closed, open) = (&self.0.closed, &self.0.open);
        let names = match column.name {
            "collection" => [&closed.collections, &open.collections],
            "query" => [&closed.schedules, &open.schedules],
            _ => return None,
        };
        (!names[0].is_empty()).then_some(names)
    }

    /// The filter without knowledge of them: a condition that names one finds what a made-up name finds.
    pub fn filter(&self, filter: Filter) -> Filter {
        let each = |parts: Vec<Filter>| parts.into_iter().map(|part| self.filter(part)).collect::<Vec<_>>();
        match filter {
            Filter::Test(test) => match self.names(test.column) {
                Some([_, open]) => among(open, &test),
                None => Filter::Test(test),
            },
            Filter::Not(inner) => self.filter(*inner).negate(),
            Filter::And(parts) => Filter::and(each(parts)),
            Filter::Or(parts) => Filter::or(each(parts)),
            Filter::All => Filter::All,
        }
    }

    /// The rows without the names of these collections.
    pub fn rows(&self, mut rows: Vec<Row>) -> Vec<Row> {
        for row in &mut rows {
            row.collections.retain(|slug| !self.has(slug));
            row.queries.retain(|name| !self.0.closed.schedules.contains(name));
        }
        rows
    }

    /// Those of the tweets that somebody may know of by themselves: not those that stand in these collections alone.
    pub fn known(&self, rows: Vec<Row>) -> Vec<Row> {
        let is_known = |row: &Row| row.collections.is_empty() || row.collections.iter().any(|slug| !self.has(slug));
        self.rows(rows.into_iter().filter(is_known).collect())
    }

    /// The values of a column without the names of these collections.
    pub fn values(&self, column: &Column, values: &mut Vec<FacetValue>) {
        if let Some([closed, _]) = self.names(column) {
            values.retain(|value| !closed.contains(&value.value));
        }
    }

    /// The facet without the names of these collections.
    pub fn facet(&self, mut facet: Facet) -> Facet {
        if let Some(column) = columns::find(&facet.column) {
            let before = facet.values.len();
            self.values(column, &mut facet.values);
            facet.distinct -= (before - facet.values.len()) as u64;
        }
        facet
    }

    /// Whether the column's values may be their names.
    pub fn covers(&self, column: &Column) -> bool {
        self.names(column).is_some()
    }
}

/// That one of these names satisfies the test.
fn among(open: &BTreeSet<String>, test: &Test) -> Filter {
    let is_meant = |name: &&String| match &test.predicate {
        Predicate::Equals(Scalar::Word(word)) => *name == word,
        Predicate::Prefix(start) => name.starts_with(start.as_str()),
        _ => true,
    };
    let meant = open.iter().filter(is_meant).map(|name| Filter::equals(test.column, name.as_str()));
    match Filter::or(meant) {
        // No name is empty.
        Filter::All => Filter::equals(test.column, ""),
        any => any,
    }
}

/// Who may open a collection, for admins.
pub async fn of(service: &Service, admin: &CurrentUser, slug: &str) -> Result<(Collection, Access), Error> {
    let collection = collections::find(service, admin, slug).await?;
    check(admin)?;
    let access = store::access::find(&service.store, collection.id).await?;
    Ok((collection, access))
}

/// Sets who may open a collection. Admins may, and it is audited.
pub async fn set(service: &Service, admin: &CurrentUser, slug: &str, access: &Access) -> Result<(), Error> {
    let collection = collections::find(service, admin, slug).await?;
    check(admin)?;
    Ok(store::access::set(&service.store, collection.id, access, admin.id, service.now()).await?)
}

fn check(user: &CurrentUser) -> Result<(), Error> {
    match user.role {
        Role::Admin => Ok(()),
        Role::Viewer | Role::Analyst => Err(Error::NotFound(model::texts::refusals::only_admins().to_owned())),
    }
}

/// The person of that number as they are now; `None` for nobody and for who is locked out.
pub(crate) async fn person(service: &Service, id: i64) -> Result<Option<CurrentUser>, Error> {
    let found = store::users::by_id(&service.store, id).await?;
    Ok(found.filter(|found| !found.disabled).map(|found| found.user))
}

/// What is hidden from the person of that number; who cannot sign in (any more) sees what a viewer would.
pub(crate) async fn hidden_from(service: &Service, id: i64) -> Result<Hidden, Error> {
    match person(service, id).await? {
        Some(user) => Hidden::from(service, &user).await,
        None => Ok(Hidden(store::access::hidden_from(&service.store, id).await?)),
    }
}

/// Whether that person may open the collection.
pub(crate) async fn may_open(service: &Service, id: i64, slug: &str) -> Result<bool, Error> {
    match person(service, id).await? {
        Some(user) => Ok(!Hidden::from(service, &user).await?.has(slug)),
        None => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::access::Names;

    fn hidden() -> Hidden {
        let names = |collections: &[&str], schedules: &[&str]| Names {
            collections: collections.iter().map(|name| (*name).to_owned()).collect(),
            schedules: schedules.iter().map(|name| (*name).to_owned()).collect(),
        };
        Hidden(store::access::Hidden { closed: names(&["secret"], &["sub"]), open: names(&["sea", "open"], &[]) })
    }

    fn seen(filter: &str) -> String {
        hidden().filter(model::filter::parse(filter).unwrap()).to_string()
    }

    #[test]
    fn a_filter_that_names_one_finds_what_a_made_up_name_finds() {
        for (filter, expected) in [
            ("moon collection:open", "moon collection:open"),
            ("collection:secret", "collection:\"\""),
            ("-collection:secret", "-collection:\"\""),
            ("collection:se*", "collection:sea"),
            ("query:sub", "query:\"\""),
            ("query:*", "query:\"\""),
        ] {
            assert_eq!(seen(filter), expected, "{filter}");
        }
        assert!(!seen("a OR (b -collection:secret)").contains("secret"));
    }

    #[test]
    fn paths_of_their_pages_are_known() {
        for path in ["/c/secret", "/c/secret?q=a", "/c/secret/export?q=a", "/c/%73ecret"] {
            assert!(hidden().has_path(path), "{path}");
        }
        for path in ["/", "/c/open?q=secret", "/notices"] {
            assert!(!hidden().has_path(path), "{path}");
        }
    }
}
