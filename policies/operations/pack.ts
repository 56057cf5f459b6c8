import { PolicyPack } from "@pulumi/policy";
import { crossguardPolicies } from "../adapters/crossguard";
import { operationsControls } from "../controls";

new PolicyPack("jupyterhub-eks-operations", {
  displayName: "JupyterHub on EKS: operations",
  description: "Advises on what keeps a JupyterHub on Amazon EKS in good order",
  enforcementLevel: "advisory",
  policies: crossguardPolicies(operationsControls),
});
