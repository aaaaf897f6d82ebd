// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011): four random words
// as a function of a counter and a key. Included inside a namespace of its user, as the files of math/ are.

struct PhiloxWords {
  uint32_t at[4];
};

DT_HD inline PhiloxWords philox(PhiloxWords counter, uint32_t key0, uint32_t key1) {
  PhiloxWords c = counter;
  for (int round = 0; round < 10; round++) {
    const uint64_t a = uint64_t{0xD2511F53} * c.at[0], b = uint64_t{0xCD9E8D57} * c.at[2];
    c = {{static_cast<uint32_t>(b >> 32) ^ c.at[1] ^ key0, static_cast<uint32_t>(b),
          static_cast<uint32_t>(a >> 32) ^ c.at[3] ^ key1, static_cast<uint32_t>(a)}};
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
  return c;
}

// The n-th four words of a thread, in the order of curand and PyTorch: the key is the seed, the low half of the counter
// counts the draws of a thread, the high half is the thread.
DT_HD inline PhiloxWords philoxDraw(uint64_t seed, uint64_t thread, uint64_t n) {
  const PhiloxWords counter{{static_cast<uint32_t>(n), static_cast<uint32_t>(n >> 32), static_cast<uint32_t>(thread),
                             static_cast<uint32_t>(thread >> 32)}};
  return philox(counter, static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32));
}
