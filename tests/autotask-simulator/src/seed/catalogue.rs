//! Types and categories of configuration items, and products.

use super::maker::Maker;

/// Types, with the labels of the picklist `configurationItemType` and its ids.
pub(super) fn types(make: &mut Maker<'_>) {
    let names = [
        "Workstation",
        "Server",
        "Laptop",
        "Network Switch",
        "Firewall",
        "Printer & Copier",
        "Phone (do not use)",
        "Virtual Machine",
    ];
    for (id, name) in (1..).zip(names) {
        make.shared("name", name);
        make.flag("isActive", id != 7);
        make.finish_as(id);
    }
}

/// Categories of configuration items.
pub(super) fn categories(make: &mut Maker<'_>) -> Vec<i64> {
    let names = [("Device", "DEV"), ("Domain & SSL", "SSL"), ("Backup Appliance", "BCD"), ("Licence", "LIC")];
    let mut ids = Vec::new();
    for (id, (name, nickname)) in (1..).zip(names) {
        make.shared("name", name);
        make.shared("nickname", nickname);
        make.flag("isActive", id != 4);
        make.flag("isGlobalDefault", id == 1);
        make.flag("isClientPortalDefault", false);
        make.number("displayColorRGB", 16_711_680);
        ids.push(make.finish_as(id + 1));
    }
    ids
}

/// The things that are sold.
pub(super) fn products(make: &mut Maker<'_>, n_products: usize) -> Vec<i64> {
    let makers = ["Dell", "HP Inc. & Co", "Lenovo", "Apple", "Cisco", ""];
    let mut ids = Vec::with_capacity(n_products);
    for n in 0..n_products {
        let maker = make.rng.pick(&makers);
        make.text("name", &format!("{maker} Product {n} 15\" (i7)"));
        make.maybe("description", 50, "Business notebook\r\n16 GB / 512 GB");
        if make.rng.chance(80) {
            make.shared("manufacturerName", maker);
        }
        let part = format!("PN-{n:04}");
        make.maybe("manufacturerProductName", 60, &part);
        make.maybe("sku", 40, &part);
        let category = make.rng.between(1, 4);
        make.number("productCategory", category);
        make.money("unitCost", 10, 2_000);
        make.money("unitPrice", 20, 3_000);
        make.money("msrp", 20, 3_500);
        let is_active = make.rng.chance(90);
        make.flag("isActive", is_active);
        let is_serialized = make.rng.chance(60);
        make.flag("isSerialized", is_serialized);
        make.number("chargeBillingCodeID", 29_682_804);
        let created_ms = make.past_ms(3000);
        make.number("createdTime", created_ms);
        ids.push(make.finish());
    }
    ids
}
