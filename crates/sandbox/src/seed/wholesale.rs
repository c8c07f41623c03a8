//! The customers of the wholesale partner that `demo` and `awkward` are as well.
//!
//! A generator of its own: everything else of a seed is the same with and without customers.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::cloud::wholesale::{
    Address, Customer, CustomerOrganisation, Ending, Package, Pending, Remark, Subscriber, Wholesale,
};
use crate::cloud::{Cloud, new_uuid};
use crate::ids;

/// How long a change takes when nobody says otherwise.
const SETTLES_AFTER: Duration = Duration::from_secs(3);
/// What was under way at the start ends so much later.
const LATER: Duration = Duration::from_secs(3600);

const FIRST: [&str; 15] = [
    "Bramble & Finch",
    "Copperfield",
    "Dunmore",
    "Eastgate",
    "Fernhill",
    "Galloway",
    "Halcyon",
    "Ivybridge",
    "Juniper",
    "Kestrel",
    "Larkspur",
    "Marlow",
    "Northwind",
    "Ødegård",
    "Peñalver",
];
const SECOND: [&str; 4] = ["Dental", "Logistics", "Legal LLP", "Schools Trust"];

/// Street, city, state, code, country.
const PLACES: [[&str; 5]; 6] = [
    ["14 Mosley Street", "Manchester", "", "M2 3AQ", "GB"],
    ["771 Alder Drive", "Milpitas", "CA", "95035", "US"],
    ["Grønnegade 12", "Aarhus", "", "8000", "DK"],
    ["300 Barangaroo Avenue", "Sydney", "NSW", "2000", "AU"],
    ["Calle de Alcalá 45", "Madrid", "", "28014", "ES"],
    ["55 Front Street West", "Toronto", "ON", "M5J 1E6", "CA"],
];

const SETS: [&[&str]; 6] = [
    &["webex_calling"],
    &["webex_suite", "common_area_calling"],
    &["webex_calling", "webex_meetings", "attendant_console"],
    &["webex_voice", "common_area_calling"],
    &["cx_essentials", "webex_calling", "cisco_calling_plan"],
    &["webex_calling_standard", "webex_meetings"],
];

/// Fills `demo`: 60 customers, all statuses among them.
pub fn demo(cloud: &mut Cloud) {
    fill(cloud, 0x0B17_0001, 60);
}

/// Fills `awkward`: as the demo, and what no contract mentions.
pub fn awkward(cloud: &mut Cloud) {
    fill(cloud, 0x0B17_0003, 60);
    let customers = &mut cloud.wholesale.customers;
    let odd = &mut customers[20];
    odd.status = "hibernating".to_owned();
    odd.errors = vec![Remark::new("WHS-77", "The customer sleeps.")];
    let odd = &mut customers[21];
    odd.packages.push("holo_calling".to_owned());
    odd.details.push(Package {
        status: "half_provisioned".to_owned(),
        ..Package::on_its_way("holo_calling")
    });
    customers[22].external_id = None;
    customers[23].address = None;
    // Of another cluster, and padded.
    let odd = &mut customers[24];
    odd.id = ids::encode("eu-1", "ENTERPRISE", &odd.uuid.to_string());
    odd.id.push_str(&"=".repeat((4 - odd.id.len() % 4) % 4));
    for sentinel in ["never", "errors", "error", "refused"] {
        let at = customers.iter().position(|c| {
            c.status == "provisioned"
                && c.external_id
                    .as_deref()
                    .is_some_and(|id| !id.contains("sentinel"))
        });
        if let Some(at) = at {
            customers[at].external_id = Some(format!("sentinel.{sentinel}"));
        }
    }
}

/// Adds customers that are provisioned, for lists of any length.
pub fn add(cloud: &mut Cloud, count: usize) {
    let mut rng = StdRng::seed_from_u64(0x0B17_00FF + cloud.wholesale.customers.len() as u64);
    for _ in 0..count {
        let at = cloud.wholesale.customers.len();
        let customer = customer(&mut rng, at);
        cloud.wholesale.customers.push(customer);
    }
    cloud.changes += 1;
}

fn fill(cloud: &mut Cloud, seed: u64, count: usize) {
    let mut rng = StdRng::seed_from_u64(seed);
    cloud.wholesale = Wholesale {
        entitled: true,
        settle_after: SETTLES_AFTER,
        ..Wholesale::default()
    };
    for at in 0..count {
        let customer = customer(&mut rng, at);
        cloud.wholesale.customers.push(customer);
    }
    under_way(&mut cloud.wholesale);
    for at in 0..count {
        subscribers(&mut rng, at, &mut cloud.wholesale);
    }
    // Every nineteenth was not changed as it should have been the last time.
    let subscribers = wholesale_provisioned(&mut cloud.wholesale);
    for (n, subscriber) in subscribers.skip(5).step_by(19).enumerate() {
        subscriber.errors = vec![if n % 2 == 0 {
            Remark::maintenance()
        } else {
            Remark::new("10022", "The email is already associated with an existing user.")
        }];
    }
    for (n, state) in ["active", "active", "suspended"].into_iter().enumerate() {
        let organisation = ids::encode("us", "ORGANIZATION", &new_uuid(&mut rng).to_string());
        cloud
            .wholesale
            .sub_partners
            .push([organisation, format!("Sub2345{n}"), state.to_owned()]);
    }
}

fn wholesale_provisioned(wholesale: &mut Wholesale) -> impl Iterator<Item = &mut Subscriber> {
    wholesale
        .subscribers
        .iter_mut()
        .filter(|s| s.status == "provisioned")
}

fn customer(rng: &mut StdRng, at: usize) -> Customer {
    let (uuid, organisation) = (new_uuid(rng), new_uuid(rng));
    let [street, city, state, code, country] = PLACES[rng.random_range(0..PLACES.len())];
    let address: Address = [street, "", city, state, code, country].map(str::to_owned);
    let set = SETS[rng.random_range(0..SETS.len())];
    let name = format!(
        "{} {}",
        FIRST[at % FIRST.len()],
        SECOND[at / FIRST.len() % SECOND.len()]
    );
    let again = at / (FIRST.len() * SECOND.len());
    Customer {
        uuid,
        id: ids::encode("us", "ENTERPRISE", &uuid.to_string()),
        organisation: Some(CustomerOrganisation {
            uuid: organisation,
            // Webex writes the kind of these in another case.
            id: ids::encode("us", "Organization", &organisation.to_string()),
            name: Some(if again == 0 {
                name
            } else {
                format!("{name} {}", again + 1)
            }),
        }),
        external_id: Some(format!("CUST-{:04}", 1001 + at)),
        address: Some(address),
        status: "provisioned".to_owned(),
        packages: set.iter().map(|p| (*p).to_owned()).collect(),
        details: set
            .iter()
            .map(|name| Package {
                status: "provisioned".to_owned(),
                licences: vec![ids::encode(
                    "us",
                    "LICENSE",
                    &format!("{organisation}:WHS_{}", new_uuid(rng)),
                )],
                ..Package::on_its_way(name)
            })
            .collect(),
        errors: Vec::new(),
        pending: None,
    }
}

/// All statuses of the contract, and customers that cannot be named.
fn under_way(wholesale: &mut Wholesale) {
    let later = |ending| {
        Some(Pending {
            due: LATER,
            reads: None,
            ending,
        })
    };
    let customers = &mut wholesale.customers;
    for at in [4, 19] {
        let customer = &mut customers[at];
        customer.status = "provisioned_with_errors".to_owned();
        if let Some(package) = customer.details.first_mut() {
            package.status = "error".to_owned();
            package.warnings = vec![Remark::maintenance()];
        }
    }
    for at in [7, 31] {
        customers[at].begin("provisioning");
        customers[at].pending = later(Ending::Provisioned);
    }
    customers[11].begin("updating");
    customers[11].pending = later(Ending::Provisioned);
    customers[13].status = "deleting".to_owned();
    customers[13].pending = later(Ending::Deleted);
    let customer = &mut customers[17];
    customer.status = "error".to_owned();
    customer.organisation = None;
    customer.errors = vec![Remark::new(
        "10022",
        "The email is already associated with an existing user.",
    )];
    for package in &mut customer.details {
        package.status = "error".to_owned();
        package.errors = vec![Remark::new("10022", "The customer could not be created.")];
    }
    customers[37].status = "pending_rpl_review".to_owned();
    customers[37].organisation = None;
    customers[37].pending = later(Ending::Provisioned);
    // A warning does not keep a package from being provisioned.
    if let Some(package) = customers[2].details.first_mut() {
        package.warnings = vec![Remark::maintenance()];
    }
    // An organisation the partner may not read.
    if let Some(organisation) = &mut customers[9].organisation {
        organisation.name = None;
    }
}

fn subscribers(rng: &mut StdRng, at: usize, wholesale: &mut Wholesale) {
    let customer = &wholesale.customers[at];
    if customer.organisation.is_none() {
        return;
    }
    let uuid = customer.uuid;
    let package = customer.packages[0].clone();
    for n in 0..rng.random_range(0..5) {
        let migrating = rng.random_range(0..12) == 0;
        let (id, person) = (new_uuid(rng).to_string(), new_uuid(rng).to_string());
        let created = format!("2024-{:02}-{:02}T09:30:00.000Z", at % 12 + 1, n + 1);
        wholesale.subscribers.push(Subscriber {
            id: ids::encode("us", "SUBSCRIBER", &id),
            person: ids::encode("us", "PEOPLE", &person),
            email: format!("user{n}@cust{:04}.example", 1001 + at),
            customer: uuid,
            package: package.clone(),
            status: if migrating {
                "pending_user_migration"
            } else {
                "provisioned"
            }
            .to_owned(),
            errors: Vec::new(),
            changed: created.clone(),
            created,
        });
    }
}
