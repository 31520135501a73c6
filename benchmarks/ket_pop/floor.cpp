// What this machine can do at the most: bytes written past the cache, fused multiply-adds in registers.
// Prints "bytes per second" and "operations per second" of two threads, the best of several passes.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

typedef double V __attribute__((vector_size(64)));

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static void fill(double *to, long count) {
  V v = {1, 1, 1, 1, 1, 1, 1, 1};
  for (long k = 0; k < count; k += 8)
#ifdef __AVX512F__
    _mm512_stream_pd(to + k, (__m512d)v);
#else
    *(V *)(to + k) = v;
#endif
}

static volatile double sink;

static void multiply(long rounds) {
  V a[12], m, c;
  for (int i = 0; i < 8; i++) m[i] = 0.999999, c[i] = 1e-7;
  for (int k = 0; k < 12; k++) a[k] = m + (double)k;
  for (long r = 0; r < rounds; r++)
    for (int k = 0; k < 12; k++) a[k] = a[k] * m + c;
  double sum = 0;
  for (int k = 0; k < 12; k++) sum += a[k][0];
  sink = sum;
}

template <class Work> static double best(int passes, Work work) {
  double found = 1e300;
  for (int k = 0; k < passes; k++) {
    const double begun = now();
    std::thread other(work, 0), one(work, 1);
    other.join();
    one.join();
    const double took = now() - begun;
    found = took < found ? took : found;
  }
  return found;
}

int main() {
  const long count = 1L << 26, rounds = 4000000;
  double *memory = (double *)std::aligned_alloc(64, count * sizeof(double));
  auto write = [=](int half) { fill(memory + half * (count / 2), count / 2); };
  best(2, write);  // so that every page is there
  const double writing = best(40, write), multiplying = best(20, [=](int) { multiply(rounds); });
  std::printf("%.6e %.6e\n", count * sizeof(double) / writing, 2.0 * rounds * 12 * 8 * 2 / multiplying);
}
