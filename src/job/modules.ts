// Where worker threads of a `DataLoader` find the modules of the program: told to them in the main thread, where
// launcher/boot/one-module.ts finds it out.

/** An ES module made of others, which it exports as m0, m1, … */
export interface OneModule {
  url: string
  /** The URLs of those it is made of. */
  members: readonly string[]
  /** What stacks name it, and its source map. */
  name: string
  map: string
}

/** Node reads them, or one stands for all, or they need the hooks of launcher/boot/loader.ts. */
export type Modules = 'as they are' | OneModule | 'by hooks'
