// One picture per state, size and colour scheme.
import { STATES } from "./states";
import { nobody } from "../fixtures";
import { take } from "./camera";
import { test } from "./prepared";

for (const state of STATES) {
  test.describe(() => {
    if (state.signedOut) test.use({ storageState: nobody });
    test(state.name, async ({ page, explore, prepared, watch }, info) => {
      const width = page.viewportSize()?.width ?? 0;
      test.skip(width >= (state.narrowerThan ?? Infinity) || width <= (state.widerThan ?? 0), "not in this window");
      watch.foresee(/404|422|INTERNET_DISCONNECTED|Failed to fetch/);
      await state.open({ page, explore, prepared });
      await take(page, state, info.project.name);
    });
  });
}
