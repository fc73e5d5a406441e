//! Which hosts webhooks may go to.

use crate::NotifyError;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// The hosts that the operator allows.
#[derive(Clone, Debug, Default)]
pub struct Hosts {
    allowed: Vec<String>,
    loopback: bool,
}

impl Hosts {
    /// Those of a list like `hooks.example.com, chat.example.com:8443`; without a port, 443. With `loopback`, what is
    /// listed of this machine is allowed too, and in the clear: for development only.
    pub fn new(list: &str, loopback: bool) -> Self {
        let allowed = list.split(',').map(|host| host.trim().to_lowercase()).filter(|host| !host.is_empty()).collect();
        Self { allowed, loopback }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.allowed.is_empty()
    }

    /// Reads an address that webhooks may go to.
    ///
    /// # Errors
    /// `NoWebhook` if it is no https address or names a user, `Host` if its host is not on the list, `Inside` if it is
    /// an address of the inside of a network.
    pub fn check(&self, address: &str) -> Result<Url, NotifyError> {
        let url = Url::parse(address.trim()).map_err(|_| NotifyError::NoWebhook)?;
        let (Some(host), true) = (url.host(), url.username().is_empty() && url.password().is_none()) else {
            return Err(NotifyError::NoWebhook);
        };
        let in_clear = url.scheme() == "http" && self.loopback && is_loopback(&host);
        if url.scheme() != "https" && !in_clear {
            return Err(NotifyError::NoWebhook);
        }
        let name = host.to_string();
        let with_port = format!("{name}:{}", url.port_or_known_default().unwrap_or(443));
        let usual_port = url.port().is_none() && !in_clear;
        let is_listed = |allowed: &String| *allowed == with_port || (usual_port && *allowed == name);
        if !self.allowed.iter().any(is_listed) {
            return Err(NotifyError::Host(with_port));
        }
        let address = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
            Host::Domain(_) => None,
        };
        match address {
            Some(address) if !self.may_reach(address) => Err(NotifyError::Inside(name)),
            _ => Ok(url),
        }
    }

    /// Whether a name of the list may stand for this address: whoever rules over a name's entry could else lead
    /// webhooks to services inside the network.
    pub fn may_reach(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => is_public_v4(address) || (self.loopback && address.is_loopback()),
            IpAddr::V6(address) => is_public_v6(address) || (self.loopback && address.is_loopback()),
        }
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(_) => false,
    }
}

/// None of the special-purpose ranges (RFC 6890 and its registry).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match a {
        0 | 10 | 127 | 240.. => true,
        100 => (64..128).contains(&b),
        169 => b == 254,
        172 => (16..32).contains(&b),
        192 => matches!((b, c), (0, 0 | 2) | (88, 99) | (168, _)),
        198 => matches!((b, c), (18 | 19, _) | (51, 100)),
        203 => (b, c) == (0, 113),
        224..240 => true,
        _ => false,
    };
    !special
}

/// Global unicast, without the ranges that stand for IPv4 addresses or documentation.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let global = (0x2000..0x4000).contains(&a);
    let special = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "hooks.example.com, chat.example.com:8443, 127.0.0.1:4000, 10.0.0.1, [::1]:4000, 169.254.169.254";

    #[test]
    fn only_what_is_listed_is_posted_to_and_only_over_tls() {
        let hosts = Hosts::new(LIST, false);
        for address in
            ["https://hooks.example.com/T0/x?y=1", "https://HOOKS.example.com:443/", "https://chat.example.com:8443/a"]
        {
            assert!(hosts.check(address).is_ok(), "{address}");
        }
        for address in [
            "http://hooks.example.com/",
            "https://hooks.example.com:8443/",
            "https://chat.example.com/",
            "https://hooks.example.com.evil.example/",
            "https://evil.example/hooks.example.com",
            "https://hooks.example.com@evil.example/",
            "https://evil.example@hooks.example.com/",
            "https://evil.example#@hooks.example.com/",
            "https://evil.example\\@hooks.example.com/",
            "ftp://hooks.example.com/",
            "file:///etc/passwd",
            "//hooks.example.com/",
            "hooks.example.com",
            "",
        ] {
            assert!(hosts.check(address).is_err(), "{address}");
        }
    }

    #[test]
    fn no_spelling_of_an_inside_address_gets_through() {
        let hosts = Hosts::new(LIST, false);
        for address in [
            "https://10.0.0.1/",
            "https://127.0.0.1:4000/",
            "http://127.0.0.1:4000/",
            "https://0x0a000001/",
            "https://012.0.0.1/",
            "https://167772161/",
            "https://10.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]:4000/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
        ] {
            assert!(hosts.check(address).is_err(), "{address}");
        }
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "2001:db8::1",
            "2002:a00:1::",
            "2001::1",
        ] {
            assert!(!hosts.may_reach(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "172.32.0.1", "192.169.0.1", "2606:4700::1111"] {
            assert!(hosts.may_reach(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn this_machine_is_for_development_and_only_where_it_is_listed() {
        let hosts = Hosts::new(LIST, true);
        assert!(hosts.check("http://127.0.0.1:4000/hook").is_ok());
        assert!(hosts.check("http://127.0.0.1:4001/hook").is_err());
        assert!(hosts.check("http://hooks.example.com/").is_err(), "in the clear to this machine alone");
        assert!(hosts.check("https://10.0.0.1/").is_err());
    }
}
