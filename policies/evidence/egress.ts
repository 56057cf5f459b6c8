import { all, any, not, type Truth } from "../../chart/three-valued";
import { type Found, isList, isMap, own, UNKNOWN, type Value } from "../../chart/values";
import { contains, parseNetwork } from "./addresses";
import { toNumber } from "./aws";

/**
 * Whether a list of NetworkPolicy egress rules lets TCP out to an address and port. What Kubernetes would refuse as malformed
 * cannot be decided.
 */
export function egressAdmits(rules: Found, address: string, port: number): Truth {
  if (rules === undefined || rules === null) return false;
  if (!isList(rules)) return UNKNOWN;
  return any(rules.map((rule) => ruleAdmits(rule, address, port)));
}

/** A rule without ports opens all ports, and one without peers all addresses. */
function ruleAdmits(rule: Value, address: string, port: number): Truth {
  if (!isMap(rule)) return rule === null ? true : UNKNOWN;
  return all([
    emptyOrAny(own(rule, "ports"), (entry) => portAdmits(entry, port)),
    emptyOrAny(own(rule, "to"), (peer) => peerAdmits(peer, address)),
  ]);
}

function emptyOrAny(list: Found, admits: (item: Value) => Truth): Truth {
  if (list === undefined || list === null) return true;
  if (!isList(list)) return UNKNOWN;
  return list.length === 0 ? true : any(list.map(admits));
}

function portAdmits(entry: Value, wanted: number): Truth {
  if (!isMap(entry)) return UNKNOWN;
  const protocol = own(entry, "protocol");
  if (protocol === UNKNOWN) return UNKNOWN;
  if (protocol !== undefined && protocol !== null && protocol !== "TCP") return false;
  const first = toNumber(own(entry, "port"));
  if (first === undefined || first === null) return true;
  if (first === UNKNOWN) return UNKNOWN;
  // A port's name means whatever the receiving side calls so.
  if (typeof first !== "number") return typeof first === "string" ? true : UNKNOWN;
  const last = toNumber(own(entry, "endPort")) ?? first;
  if (last === UNKNOWN) return first > wanted ? false : UNKNOWN;
  return typeof last === "number" ? first <= wanted && wanted <= last : UNKNOWN;
}

/** Only address blocks reach addresses outside of the cluster; selectors of pods and namespaces do not. */
function peerAdmits(peer: Value, address: string): Truth {
  if (!isMap(peer)) return UNKNOWN;
  const block = own(peer, "ipBlock");
  if (block === undefined || block === null) return false;
  if (block === UNKNOWN) return UNKNOWN;
  const excepted = own(block, "except");
  return all([
    blockContains(own(block, "cidr"), address),
    excepted === UNKNOWN
      ? UNKNOWN
      : not(any((isList(excepted) ? excepted : []).map((cidr) => blockContains(cidr, address)))),
  ]);
}

function blockContains(cidr: Found, address: string): Truth {
  if (typeof cidr !== "string" || !parseNetwork(cidr)) return UNKNOWN;
  return contains(cidr, address);
}
