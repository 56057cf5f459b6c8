import { PolicyPack } from "@pulumi/policy";
import { crossguardPolicies } from "../adapters/crossguard";
import { securityControls } from "../controls";

new PolicyPack("jupyterhub-eks-security", {
  displayName: "JupyterHub on EKS: security",
  description: "Refuses a JupyterHub on Amazon EKS that is open to attack",
  enforcementLevel: "mandatory",
  policies: crossguardPolicies(securityControls),
});
