import { expect, test } from "vitest";
import { parseSettings } from "../../components/config/parse-settings";
import { posture } from "../../components/posture";
import { clientSecret, minimalSettings } from "../support/hub-settings";

test("the posture says who gets in where", () => {
  const summary = posture(
    parseSettings({
      ...minimalSettings(),
      auth: { ...minimalSettings().auth, allowedUsers: ["ada"], adminUsers: ["grace"] },
      cluster: {
        publicAccessCidrs: ["203.0.113.7/32", "198.51.100.0/24"],
        adminArns: ["arn:aws:iam::123456789012:role/admin"],
      },
    }),
  );
  expect(summary.exposure).toContain("hub.acme.science");
  expect(summary.login).toBe("github: members of acme and users ada; administrators: grace");
  expect(summary.kubernetesApi).toContain("203.0.113.7/32, 198.51.100.0/24");
  expect(summary.kubernetesApi).toContain("arn:aws:iam::123456789012:role/admin");
  expect(summary.chart).toContain("4.4.0");
  for (const line of Object.values(summary)) expect(line).toMatch(/^\S.*\S$/);
});

test("it reads well where a list is empty", () => {
  const { login, kubernetesApi } = posture(parseSettings(minimalSettings()));
  expect(login).toBe("github: members of acme; administrators: none named");
  expect(kubernetesApi).toBe("private, and public for 203.0.113.7/32; administered by its creator");
});

test("an own image is named", () => {
  const image = { name: "quay.io/acme/lab", tag: "7" };
  expect(posture(parseSettings({ ...minimalSettings(), users: { image } })).images).toBe("users: quay.io/acme/lab:7");
});

test("it is plain text that anybody may read", () =>
  expect(JSON.stringify(posture(parseSettings(minimalSettings())))).not.toContain(clientSecret));
