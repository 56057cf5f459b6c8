import { WebAcl } from "@pulumi/aws/wafv2";
import { getStack } from "@pulumi/pulumi";
import { SecureHub, stackSettings } from "../../../components";

const acl = new WebAcl("team", {
  scope: "REGIONAL",
  defaultAction: { allow: {} },
  visibilityConfig: { cloudwatchMetricsEnabled: true, metricName: "team", sampledRequestsEnabled: true },
});
const { exposure, ...settings } = stackSettings();
const hub = new SecureHub(`hub-${getStack()}`, { ...settings, exposure: { ...exposure, webAclArn: acl.arn } });

export const hubUrl = hub.url;
