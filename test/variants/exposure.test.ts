import { expect } from "vitest";
import { deploys } from "./variant";

deploys([
  {
    name: "a load balancer for everybody, TLS by ACM",
    deployed: ({ outputs }) => expect(outputs.hubUrl).toBe("https://hub-variant.local-cloud.test/"),
  },
]);
