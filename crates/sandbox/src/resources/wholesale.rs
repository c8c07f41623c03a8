//! Wholesale customers: list, get, provision, update, remove, precheck; sub-partners. Reference: section 8.
//!
//! Provisioning is asynchronous: what is accepted with 202 is carried out later (`cloud::wholesale`).

use serde_json::{Value, json};

use crate::access::Access;
use crate::answer::{Answer, Reply};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::cloud::wholesale::{
    Address, Customer, CustomerOrganisation, Ending, FAILING_PACKAGE, PACKAGES, Package, Remark, Wholesale,
};
use crate::ids;
use crate::paging::{self, Style};

pub const READ: &[&str] = &["spark-admin:wholesale_customers_read"];
pub const WRITE: &[&str] = &["spark-admin:wholesale_customers_write"];
const SUB_PARTNERS: &[&str] = &["spark-admin:wholesale_sub_partners_read"];
/// Customers on one page at most.
const CAP: usize = 50;

const FIELDS: [&str; 6] = [
    "addressLine1",
    "addressLine2",
    "city",
    "stateOrProvince",
    "zipOrPostalCode",
    "country",
];

/// Refuses organisations that are no wholesale partner.
pub fn entitled(cloud: &Cloud) -> Result<(), Box<Answer>> {
    if cloud.wholesale.entitled {
        Ok(())
    } else {
        Err(Answer::error_with(
            403,
            "Access to the resource is forbidden.",
            None,
            "The organization does not have the wxc-wholesale entitlement.",
        ))
    }
}

/// Everything below `/v1/wholesale/customers`.
pub fn customers(rest: &[&str], call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    use axum::http::Method;
    if cloud.wholesale.settle(cloud.clock.elapsed()) {
        cloud.changes += 1;
    }
    match (rest, &call.method) {
        ([], &Method::GET) => list(call, access, cloud),
        ([], &Method::POST) => provision(call, access, cloud),
        (["validate"], &Method::POST) => precheck(call, access, cloud),
        ([id], &Method::GET) => get(id, call, access, cloud),
        ([id], &Method::PUT) => update(id, call, access, cloud),
        ([id], &Method::DELETE) => remove(id, access, cloud),
        ([] | [_], _) => Err(Answer::method_not_allowed()),
        _ => Err(Answer::not_found()),
    }
}

fn list(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(READ)?;
    entitled(cloud)?;
    let start = paging::position(call, Style::Named("offset"))?;
    let size = paging::size(call, "max", CAP, CAP)?;
    let statuses: Vec<&str> = call
        .query
        .iter()
        .filter(|(name, value)| name == "status" && !value.is_empty())
        .map(|(_, value)| value.as_str())
        .collect();
    let organisation = call
        .param("orgId")
        .map(|id| cloud.wholesale.organisation(id).map(|o| o.uuid));
    let meant: Vec<&Customer> = cloud
        .wholesale
        .customers
        .iter()
        .filter(|c| statuses.is_empty() || statuses.contains(&c.status.as_str()))
        .filter(|c| {
            call.param("externalId")
                .is_none_or(|id| c.external_id.as_deref() == Some(id))
        })
        .filter(|c| {
            organisation.is_none_or(|uuid| uuid.is_some() && c.organisation.as_ref().map(|o| o.uuid) == uuid)
        })
        .collect();
    let page: Vec<Value> = meant
        .iter()
        .skip(start)
        .take(size)
        .map(|c| wire(c, false))
        .collect();
    let next = (start + page.len() < meant.len() && !page.is_empty()).then_some(start + page.len());
    Ok(paging::page(call, Style::Named("offset"), "items", page, next))
}

fn get(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.read(READ)?;
    entitled(cloud)?;
    let at = find(id, &cloud.wholesale)?;
    let licences = call.flag("includePackageLicenseInfo")?.unwrap_or(false);
    let answer = wire(&cloud.wholesale.customers[at], licences);
    cloud.wholesale.was_read(at);
    Ok(Answer::ok(answer))
}

fn find(id: &str, wholesale: &Wholesale) -> Result<usize, Box<Answer>> {
    wholesale
        .customer(id)
        .map_err(Answer::id_problem)?
        .ok_or_else(Answer::not_found)
}

fn refused(status: u16, code: u32, description: &str) -> Box<Answer> {
    let heading = if status == 409 { "Conflict" } else { "Bad Request" };
    Answer::error_with(status, heading, Some(code), description)
}

fn update(id: &str, call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let at = find(id, &cloud.wholesale)?;
    let body = call.json()?;
    let packages = packages(&body)?;
    let customer = &cloud.wholesale.customers[at];
    if !matches!(
        customer.status.as_str(),
        "provisioned" | "provisioned_with_errors" | "error"
    ) {
        let text = format!(
            "The customer is in status {} and cannot be updated until that has ended.",
            customer.status
        );
        return Err(refused(409, 10_031, &text));
    }
    judge_packages(&packages, &customer.packages)?;
    let address = address(&body["address"])?;
    let external_id = body["externalId"].as_str().map(str::to_owned);
    judge_external_id(external_id.as_deref(), Some(at), &cloud.wholesale)?;
    let now = cloud.clock.elapsed();
    let known_as = external_id.clone().or_else(|| customer.external_id.clone());
    let ending = ending(known_as.as_deref(), &packages, &customer.packages);
    let pending = cloud.wholesale.pending(now, ending);
    let customer = &mut cloud.wholesale.customers[at];
    customer.packages = packages;
    customer.external_id = known_as;
    if address.is_some() {
        customer.address = address;
    }
    customer.begin("updating");
    customer.pending = Some(pending);
    cloud.changes += 1;
    Ok(accepted(call, &cloud.wholesale.customers[at].id))
}

fn provision(call: &Call, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let body = call.json()?;
    for field in ["provisioningId", "externalId"] {
        if body[field].as_str().is_none_or(str::is_empty) {
            return Err(refused(400, 10_001, &format!("{field} is required.")));
        }
    }
    let packages = packages(&body)?;
    judge_packages(&packages, &[])?;
    let address = address(&body["address"])?.ok_or_else(|| refused(400, 10_001, "address is required."))?;
    let external_id = body["externalId"].as_str().map(str::to_owned);
    judge_external_id(external_id.as_deref(), None, &cloud.wholesale)?;
    let name = body["customerInfo"]["name"].as_str().map(str::to_owned);
    if name.is_none() && body["orgId"].as_str().is_none() {
        return Err(refused(400, 10_001, "customerInfo or orgId is required."));
    }
    let (uuid, organisation) = (cloud.new_uuid(), cloud.new_uuid());
    let now = cloud.clock.elapsed();
    let ending = ending(external_id.as_deref(), &packages, &[]);
    let id = ids::encode("us", "ENTERPRISE", &uuid.to_string());
    let mut customer = Customer {
        uuid,
        id: id.clone(),
        organisation: Some(CustomerOrganisation {
            uuid: organisation,
            id: ids::encode("us", "Organization", &organisation.to_string()),
            name,
        }),
        external_id,
        address: Some(address),
        status: String::new(),
        packages,
        details: Vec::new(),
        errors: Vec::new(),
        pending: Some(cloud.wholesale.pending(now, ending)),
    };
    customer.begin("provisioning");
    cloud.wholesale.customers.push(customer);
    cloud.changes += 1;
    Ok(accepted(call, &id))
}

fn accepted(call: &Call, id: &str) -> Answer {
    let url = format!("http://{}/v1/wholesale/customers/{id}", call.host);
    Answer::json(202, json!({ "url": url })).with("location", url)
}

fn remove(id: &str, access: &Access, cloud: &mut Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let at = find(id, &cloud.wholesale)?;
    let pending = cloud.wholesale.pending(cloud.clock.elapsed(), Ending::Deleted);
    let customer = &mut cloud.wholesale.customers[at];
    customer.status = "deleting".to_owned();
    for package in &mut customer.details {
        package.status = "deleting".to_owned();
    }
    customer.pending = Some(pending);
    cloud.changes += 1;
    Ok(Answer::empty(202))
}

/// The same rules as provisioning, without doing anything.
fn precheck(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.write(WRITE)?;
    entitled(cloud)?;
    let body = call.json()?;
    address(&body["address"])?.ok_or_else(|| refused(400, 10_001, "address is required."))?;
    if !body["packages"].is_null() {
        // Whose packages they are is not said, so those of any customer pass for known.
        let sold: Vec<String> = cloud
            .wholesale
            .customers
            .iter()
            .flat_map(|c| c.packages.clone())
            .collect();
        judge_packages(&packages(&body)?, &sold)?;
    }
    let external_id = body["externalId"].as_str();
    judge_external_id(external_id, None, &cloud.wholesale)?;
    if external_id.is_some_and(|id| id.contains("sentinel.refused")) {
        return Err(refused(
            400,
            10_046,
            "The external ID was rejected by the partner's billing system.",
        ));
    }
    Ok(Answer::ok(json!({
        "message": "success",
        "info": [{ "infoCode": 100, "description": "Provisioning preCheck validation successful." }],
    })))
}

/// `GET /v1/wholesale/subPartners`. The list's key is that of the published example.
pub fn sub_partners(call: &Call, access: &Access, cloud: &Cloud) -> Reply {
    access.read(SUB_PARTNERS)?;
    entitled(cloud)?;
    let start = paging::position(call, Style::Named("offset"))?;
    let size = paging::size(call, "max", CAP, CAP)?;
    let all: Vec<Value> = cloud
        .wholesale
        .sub_partners
        .iter()
        .filter(|[_, _, state]| {
            call.param("provisioningState")
                .is_none_or(|wanted| wanted == state)
        })
        .map(|[organisation, subscription, state]| {
            json!({
                "orgId": organisation, "subscriptionId": subscription, "provisioningState": state,
                "created": "2023-02-16T14:10:18.855Z", "billingStartDate": "2023-02-22T13:43:41.117Z",
            })
        })
        .collect();
    let next = (start + size < all.len()).then_some(start + size);
    let page = all.into_iter().skip(start).take(size).collect();
    Ok(paging::page(
        call,
        Style::Named("offset"),
        "subPartners",
        page,
        next,
    ))
}

fn packages(body: &Value) -> Result<Vec<String>, Box<Answer>> {
    let list = body["packages"]
        .as_array()
        .filter(|list| !list.is_empty())
        .ok_or_else(|| refused(400, 10_001, "packages is required."))?;
    list.iter()
        .map(|name| {
            name.as_str()
                .map(str::to_owned)
                .ok_or_else(|| refused(400, 10_002, "packages holds something that is no text."))
        })
        .collect()
}

/// What the customer has already passes, whatever it is called.
fn judge_packages(packages: &[String], held: &[String]) -> Result<(), Box<Answer>> {
    let has = |any_of: &[&str]| packages.iter().any(|p| any_of.contains(&p.as_str()));
    if let Some(unknown) = packages
        .iter()
        .find(|p| !PACKAGES.contains(&p.as_str()) && !held.contains(p))
    {
        return Err(refused(400, 10_010, &format!("Package {unknown} is not valid.")));
    }
    if has(&["attendant_console"]) && !has(&["webex_calling", "webex_suite", "cx_essentials"]) {
        return Err(refused(
            400,
            10_011,
            "Package attendant_console requires one of: webex_calling, webex_suite, cx_essentials.",
        ));
    }
    const PLAN: &[&str] = &[
        "common_area_calling",
        "webex_calling",
        "webex_suite",
        "webex_voice",
        "cx_essentials",
        "webex_calling_standard",
    ];
    if has(&["cisco_calling_plan"]) && !has(PLAN) {
        return Err(refused(
            400,
            10_011,
            "Package cisco_calling_plan requires a calling package.",
        ));
    }
    Ok(())
}

fn judge_external_id(
    external_id: Option<&str>,
    own: Option<usize>,
    wholesale: &Wholesale,
) -> Result<(), Box<Answer>> {
    let Some(external_id) = external_id else {
        return Ok(());
    };
    if external_id.trim().is_empty() {
        return Err(refused(400, 10_002, "externalId must not be blank."));
    }
    let taken = wholesale
        .customers
        .iter()
        .enumerate()
        .any(|(at, c)| Some(at) != own && c.external_id.as_deref() == Some(external_id));
    if taken {
        return Err(refused(
            409,
            10_019,
            "The externalId is already in use by another customer.",
        ));
    }
    Ok(())
}

fn address(value: &Value) -> Result<Option<Address>, Box<Answer>> {
    if value.is_null() {
        return Ok(None);
    }
    let address = FIELDS.map(|field| value[field].as_str().unwrap_or_default().to_owned());
    let [line1, line2, city, _, _, country] = &address;
    for (field, text) in [("addressLine1", line1), ("city", city), ("country", country)] {
        if text.trim().is_empty() {
            return Err(refused(400, 10_001, &format!("address.{field} is required.")));
        }
    }
    if [line1, line2].iter().any(|line| line.chars().count() > 50) {
        return Err(refused(
            400,
            10_003,
            "Each address line must not exceed 50 characters.",
        ));
    }
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(refused(
            400,
            10_004,
            "address.country must be an ISO2 country code.",
        ));
    }
    if country == "US" && (address[3].is_empty() || address[4].is_empty()) {
        return Err(refused(
            400,
            10_005,
            "address.stateOrProvince and address.zipOrPostalCode are required in US.",
        ));
    }
    Ok(Some(address))
}

fn ending(external_id: Option<&str>, packages: &[String], before: &[String]) -> Ending {
    let sentinel = |word: &str| external_id.is_some_and(|id| id.contains(word));
    let failing =
        packages.iter().any(|p| p == FAILING_PACKAGE) && !before.iter().any(|p| p == FAILING_PACKAGE);
    if sentinel("sentinel.never") {
        Ending::Never
    } else if sentinel("sentinel.errors") || failing {
        Ending::WithErrors
    } else if sentinel("sentinel.error") {
        Ending::Error
    } else {
        Ending::Provisioned
    }
}

/// A customer as the API writes it.
pub fn wire(customer: &Customer, licences: bool) -> Value {
    let mut value = json!({
        "id": customer.id,
        "status": customer.status,
        "packages": customer.packages,
        "resourceDetails": { "packages": customer.details.iter().map(|p| package(p, licences)).collect::<Vec<_>>() },
    });
    if customer.status != "provisioning"
        && let Some(organisation) = &customer.organisation
    {
        value["orgId"] = organisation.id.as_str().into();
    }
    if let Some(external_id) = &customer.external_id {
        value["externalId"] = external_id.as_str().into();
    }
    if let Some(address) = &customer.address {
        let fields = FIELDS.iter().zip(address).filter(|(_, text)| !text.is_empty());
        value["address"] = fields
            .map(|(name, text)| ((*name).to_owned(), Value::from(text.as_str())))
            .collect::<serde_json::Map<_, _>>()
            .into();
    }
    if !customer.errors.is_empty() {
        value["errors"] = remarks(&customer.errors);
    }
    value
}

fn package(package: &Package, licences: bool) -> Value {
    let mut value = json!({ "name": package.name, "status": package.status });
    if !package.warnings.is_empty() {
        value["warnings"] = remarks(&package.warnings);
    }
    if !package.errors.is_empty() {
        value["errors"] = remarks(&package.errors);
    }
    if licences && package.status == "provisioned" {
        value["licenseIds"] = json!(package.licences);
    }
    value
}

/// `errors` or `warnings` as the API writes them; one without description has none.
pub fn remarks(remarks: &[Remark]) -> Value {
    remarks
        .iter()
        .map(|remark| {
            let code = remark
                .code
                .parse::<u64>()
                .map_or_else(|_| Value::from(remark.code.as_str()), Value::from);
            let mut value = json!({ "errorCode": code });
            if !remark.description.is_empty() {
                value["description"] = remark.description.as_str().into();
            }
            value
        })
        .collect()
}
