import * as pulumi from "@pulumi/pulumi";
import { SecureHub, stackSettings } from "../../../components";

const hub = new SecureHub("hub-variant", {
  ...stackSettings(),
  https: {
    kind: "certificate",
    certificate: process.env.HUB_CERTIFICATE ?? "",
    key: pulumi.secret(process.env.HUB_KEY ?? ""),
  },
});

export const hubUrl = hub.url;
export const posture = hub.posture;
