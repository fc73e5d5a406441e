// The ways in and out.
import { at, type State } from "../state";

export const gates: State[] = [
  { name: "sign-in", title: "Sign in", signedOut: true, open: at("/sign-in") },
  { name: "sign-in-wrong", title: "Sign in, refused", signedOut: true, open: at("/sign-in?error=wrong") },
  { name: "setup", title: "Set up", signedOut: true, open: at("/setup?token=x") },
  { name: "setup-weak", title: "Set up, a weak password", signedOut: true, open: at("/setup?token=x&error=weak") },
  { name: "welcome", title: "A link that signs in", signedOut: true, open: at("/welcome?token=x") },
  { name: "unsubscribe", title: "Unsubscribe from a mail", signedOut: true, open: at(({ unsubscribe }) => unsubscribe) },
  { name: "not-found", title: "Not found", open: at("/none") },
  { name: "no-collection", title: "A collection that is not there", open: at("/c/none") },
];
