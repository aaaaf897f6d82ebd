// How long an all-reduce lasts, by latency and bandwidth. Every rank sends 2(n-1)/n of its bytes, whatever the order of
// sending; topologies differ in the links that carry them and in how many messages follow one another.

/** A way between two ranks, for each direction. */
export interface Link {
  /** Bytes per second. */
  bandwidth: number
  /** Seconds until a message of no bytes has arrived. */
  latency: number
}

export type Topology = 'ring' | 'tree' | 'rail'

export const topologies: readonly Topology[] = ['ring', 'tree', 'rail']

/** Where the ranks are, and what connects them. */
export interface Cluster {
  topology: Topology
  /** Between hosts: one card of a host. */
  link: Link
  /** Ranks on a host. */
  perHost: number
  /** Within a host; default: as between hosts. */
  intraLink?: Link
}

/** Seconds of an all-reduce of `bytes` over `ranks`, from the moment at which all of them have come. */
export function allReduceSeconds(bytes: number, ranks: number, cluster: Cluster): number {
  if (ranks === 1) return 0
  const { topology, link, perHost, intraLink = link } = cluster
  const local = Math.min(ranks, perHost)
  const hosts = Math.ceil(ranks / perHost)
  if (hosts === 1 && topology !== 'tree') return ring(bytes, ranks, intraLink)
  switch (topology) {
    case 'ring': {
      // A piece of the data goes round twice, so it leaves each host twice.
      const hops = 2 * (ranks - 1)
      const between = perHost === 1 ? hops : Math.min(hops, 2 * hosts)
      return sending(bytes, ranks, slowest()) + between * link.latency + (hops - between) * intraLink.latency
    }
    case 'tree':
      // Up to the root and down again, over two trees that share the data, in which each inner rank of one is a leaf
      // of the other; so both directions of all links are in use.
      return sending(bytes, ranks, slowest()) + 2 * (levels(hosts) * link.latency + levels(local) * intraLink.latency)
    case 'rail':
      // Within the hosts each rank sums a part; the ranks of equal place then reduce it over a card of their own.
      return ring(bytes, local, intraLink) + ring(bytes / local, hosts, link)
  }

  function slowest(): number {
    if (hosts === 1) return intraLink.bandwidth
    return local === 1 ? link.bandwidth : Math.min(link.bandwidth, intraLink.bandwidth)
  }
}

function ring(bytes: number, ranks: number, { bandwidth, latency }: Link): number {
  return sending(bytes, ranks, bandwidth) + 2 * (ranks - 1) * latency
}

const sending = (bytes: number, ranks: number, bandwidth: number) => (((ranks - 1) / ranks) * 2 * bytes) / bandwidth

const levels = (n: number) => Math.ceil(Math.log2(n))
