import { describe, expect, test } from "vitest";
import { problemsOf, settings } from "../../support/refusals";

describe("ranges", () => {
  test.each([
    ["0.0.0.0/0", /opens the Kubernetes API to the internet; name your own addresses/],
    ["128.0.0.0/1", /opens the Kubernetes API to the internet/],
    ["10.1.0.0/16", /from a private address; name your public addresses/],
    ["172.16.0.0/12", /from a private address/],
    ["192.168.1.7/32", /from a private address/],
    ["100.64.0.0/10", /from a private address/],
    ["127.0.0.1/32", /from a private address/],
    ["203.0.113.7/24", /first address and a prefix length, for example 203\.0\.113\.0\/24$/],
    ["203.0.113.7", /first address and a prefix length, for example 203\.0\.113\.7\/32$/],
    ["2001:db8::/32", /expected an IPv4 range/],
    ["203.0.113.0/33", /expected an IPv4 range/],
    ["home", /expected an IPv4 range.*for example 203\.0\.113\.7\/32$/],
  ])("the Kubernetes API is not reachable from %s", (range, message) =>
    expect(problemsOf(settings({ "cluster.publicAccessCidrs": ["198.51.100.1/32", range] }))).toEqual([
      expect.stringMatching(
        new RegExp(`^cluster\\.publicAccessCidrs\\[1\\] is "${range.replaceAll(".", "\\.")}": .*${message.source}`),
      ),
    ]),
  );

  test("the Kubernetes API is reachable from somewhere", () =>
    expect(problemsOf(settings({ "cluster.publicAccessCidrs": [] }))).toEqual([
      'cluster.publicAccessCidrs is an empty list: expected at least your own public address, because the deploying machine must reach the Kubernetes API, for example ["203.0.113.7/32"]',
    ]));

  // "Amazon VPC user guide, VPC CIDR blocks", "Amazon EKS API reference, KubernetesNetworkConfigRequest", RFC 1918.
  test.each<[setting: string, range: string, message: RegExp]>([
    ["network.cidr", "10.0.0.7/16", /for example 10\.0\.0\.0\/16$/],
    ["network.cidr", "10.0.0.0/8", /expected a range of \/16 to \/21/],
    ["network.cidr", "10.0.0.0/22", /expected a range of \/16 to \/21/],
    ["network.cidr", "203.0.0.0/16", /expected a range in 10\.0\.0\.0\/8, 172\.16\.0\.0\/12, 192\.168\.0\.0\/16/],
    ["network.cidr", "100.64.0.0/16", /expected a range in 10\.0\.0\.0\/8/],
    ["network.cidr", "172.20.16.0/20", /overlaps cluster\.serviceCidr \(172\.20\.0\.0\/16\); choose another/],
    ["network.cidr", "172.17.0.0/18", /overlaps the range that Docker uses/],
    ["cluster.serviceCidr", "10.0.0.0/8", /expected a range of \/12 to \/24/],
    ["cluster.serviceCidr", "172.20.0.0/25", /expected a range of \/12 to \/24/],
    ["cluster.serviceCidr", "8.8.0.0/16", /expected a range in 10\.0\.0\.0\/8/],
  ])("%s is not %s", (setting, range, message) => {
    const problems = problemsOf(settings({ [setting]: range }));
    expect(problems).toEqual(
      expect.arrayContaining([expect.stringMatching(new RegExp(`^${setting} is "${range}": `))]),
    );
    expect(problems.join("\n")).toMatch(new RegExp(message.source, "m"));
  });

  test("the range that is proposed works", () => {
    const [problem] = problemsOf(settings({ "cluster.serviceCidr": "10.0.0.0/16" }));
    const proposed = /network\.cidr .* for example (\S+)$/.exec(problem ?? "")?.[1];
    expect(problemsOf(settings({ "cluster.serviceCidr": "10.0.0.0/16", "network.cidr": proposed }))).toEqual([]);
  });
});
