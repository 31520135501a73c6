// The exact propagator for many people, compiled once for each structure.
//
// Same method as exact.py: K has no negative entry off its diagonal; phi = exp(K d) and
// psi = integral of exp(K s) ds are tabulated at d = delta * 2**s for each person, and every interval is
// taken in binary digits of the schedule's unit. What differs is the work: eight people stand side by
// side in one vector, entries of phi that the structure leaves empty are not there at all, equal steps
// share one table, and results leave in whole cache lines.
//
// A turnover response behind a Hill link is integrated by a quintic Hermite rule on the exact upstream
// level and its two derivatives (which the equations give for nothing), weighted exactly by the decay of the
// response; where the quintic and the cubic rule differ by more than the tolerance the step is halved.
//
// The structure arrives as macros (see build.py): N states, FLOWS {start, end, is_tap}, SEEN states, and
// DRIVER, the state whose level drives the turnover, where there is one (TURNOVER 1).

#include <atomic>
#include <cmath>
#include <cstdint>
#include <thread>
#include <vector>

#ifdef __AVX512F__
#include <immintrin.h>
#endif

namespace {

constexpr int LANES = 8;
typedef double V __attribute__((vector_size(64)));
typedef long long L __attribute__((vector_size(64)));

struct Flow { int start, end, is_tap; };
constexpr Flow FLOW[] = {FLOWS};
constexpr int F = sizeof(FLOW) / sizeof(Flow);
constexpr int SEEN_STATE[] = {SEEN};
constexpr int J = sizeof(SEEN_STATE) / sizeof(int);
constexpr int OUTPUTS = J + TURNOVER;

struct Pattern { bool at[N][N]; };

constexpr Pattern direct() {  // K itself
  Pattern p{};
  for (int i = 0; i < N; i++) p.at[i][i] = true;
  for (const Flow &f : FLOW) if (f.end >= 0) p.at[f.end][f.start] = true;
  return p;
}

constexpr Pattern reachable() {  // exp(K t): whatever can come from where
  Pattern p = direct();
  for (int l = 0; l < N; l++)
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) p.at[i][j] = p.at[i][j] || (p.at[i][l] && p.at[l][j]);
  return p;
}

constexpr Pattern K_AT = direct(), PHI_AT = reachable();

constexpr Pattern twice() {  // K K
  Pattern p{};
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      for (int l = 0; l < N; l++) p.at[i][j] = p.at[i][j] || (K_AT.at[i][l] && K_AT.at[l][j]);
  return p;
}

constexpr Pattern KK_AT = twice();

#define EACH _Pragma("GCC unroll 32") for

struct Given { const double *at; int64_t stride; };  // stride 0: the same for everyone

struct Run {  // equal intervals with one constant input
  int64_t steps, units, is_recorded;
  double start, length;  // [h] of the first interval, of each
  int64_t on, ons;       // into `listed`: pulses that flow during the run
  int64_t jump, jumps;   // instants given at its start
};

struct Pulse { int64_t state; Given amount, over; int64_t has_own_end; double start; };

}  // namespace

extern "C" struct Job {
  int64_t people, times, threads, runs, pulses, rungs, below, series, top_input, is_streamed;
  double unit, tolerance;  // unit [h]; one unit is delta * 2**below
  const Given *rate, *scale, *turnover;  // F, J, (kin, kout, Emax, EC50, gamma, scale of the driver)
  const Run *run;
  const Pulse *pulse;
  const int64_t *listed;
  double *out;  // (OUTPUTS, people, times)
  // groups of people that ended in numbers that are not finite, on which the shortest step was too long,
  // and for which there was no memory
  std::atomic<int64_t> *lost, *coarse, *unserved;
};

namespace {

inline V splat(double x) { return V{x, x, x, x, x, x, x, x}; }

inline V loaded(const Given &g, int64_t first, int64_t count) {
  if (!g.stride) return splat(*g.at);
  V v;
  for (int k = 0; k < LANES; k++) v[k] = g.at[first + (k < count ? k : count - 1)];
  return v;
}

inline bool any(L mask) {
#ifdef __AVX512F__
  return _mm512_test_epi64_mask((__m512i)mask, (__m512i)mask) != 0;
#else
  long long found = 0;
  EACH (int k = 0; k < LANES; k++) found |= mask[k];
  return found != 0;
#endif
}

inline V within(V x, double bound) {
#ifdef __AVX512F__
  return (V)_mm512_max_pd(_mm512_min_pd((__m512d)x, _mm512_set1_pd(bound)), _mm512_set1_pd(-bound));
#else
  x = x > bound ? splat(bound) : x;
  return x < -bound ? splat(-bound) : x;
#endif
}

// --- logarithm and exponential to base two, about 1e-11: tables of sixteen and a short series

struct Tables { double inverse[16], logarithm[16], power[16]; };

const Tables &tables() {
  static const Tables t = [] {
    Tables t;
    for (int i = 0; i < 16; i++) {
      t.inverse[i] = 1.0 / (1.0 + (i + 0.5) / 16.0);
      t.logarithm[i] = -std::log2(t.inverse[i]);
      t.power[i] = std::exp2(i / 16.0);
    }
    return t;
  }();
  return t;
}

struct Looked { V low, high; };

inline Looked looked(const double *t) {
  Looked v;
  for (int k = 0; k < LANES; k++) v.low[k] = t[k], v.high[k] = t[k + LANES];
  return v;
}

struct Powers {
  Looked inverse, logarithm, power;
  Powers() : inverse(looked(tables().inverse)), logarithm(looked(tables().logarithm)),
             power(looked(tables().power)) {}

  V raised(V x, V exponent) const {  // x ** exponent for x > 0
    L bits = (L)x;
    L place = (bits >> 48) & 15;
    V exponent_of = __builtin_convertvector((bits >> 52) - 1023, V);
    V m = (V)((bits & 0x000fffffffffffffLL) | 0x3ff0000000000000LL);
    V r = m * __builtin_shuffle(inverse.low, inverse.high, place) - 1.0;
    constexpr double c = 1.4426950408889634;  // 1 / ln 2
    V s = r * (c / 7) - c / 6;
    s = r * s + c / 5;
    s = r * s - c / 4;
    s = r * s + c / 3;
    s = r * s - c / 2;
    s = r * s + c;
    V whole = exponent_of + __builtin_shuffle(logarithm.low, logarithm.high, place);
    V y = exponent * (r * s + whole);
    y = within(y, 1000.0);
    const V magic = splat(0x1.8p52);
    V rounded = y * 16.0 + magic;
    L n = (L)rounded - (L)magic;
    V t = (y - (rounded - magic) * 0.0625) * 0.6931471805599453;
    V e = t * (1.0 / 120) + 1.0 / 24;
    e = t * e + 1.0 / 6;
    e = t * e + 0.5;
    e = t * e + 1.0;
    e = t * e + 1.0;
    V part = __builtin_shuffle(power.low, power.high, n & 15);
    return e * (V)((L)part + ((n >> 4) << 52));
  }
};

// --- one group of eight people

struct Rung { V phi[N][N], psi[N][N]; };

#if TURNOVER
struct Weights { V decay, quintic[6], apart[6]; };
struct Link { V g, g1, g2; };  // the Hill function and its derivatives in time
constexpr double LONGER = 1.0 / 40;  // of the tolerance: a step twice as long is apart 2**5 times as much
#endif

struct Group {
  const Job &job;
  const Powers powers;
  std::vector<Rung> ladder;
  std::vector<char> is_known;  // rungs whose tables are computed: short ones when they are first needed
  V K[N][N], x[N], u[N];
  double delta;                // [h] the lowest rung …
  std::vector<double> length;  // … and each rung above
  V scale[J];
  std::vector<V> given, ends;  // amount or rate of each pulse; when its input ends, for those with an own end
  std::vector<int64_t> open;   // such pulses that still flow
  std::vector<V> pushed;       // psi u on each rung …
  std::vector<char> is_pushed; // … where it is computed for the present input
  double next_end;             // [h] the first of those
  const Run *present;
  V line[OUTPUTS][2 * LANES];  // recorded and not yet written
  int waiting;                 // how many of these
  int64_t first, count, written;
#if TURNOVER
  std::vector<Weights> weights;
  V kout, worth, gamma, response;  // the response without its scale, zero at the baseline
  V baseline, gain;                // what it becomes when it is shown
  V level, slope[N], turn_of[N];   // of the driver over EC50: scale, and rows of K and of K K
  V pushed_slope, pushed_turn;     // what the present input adds to its first and second derivative
  Link link;
  int depth;  // the rung at which the last step was accepted
  bool is_coarse;  // whether even the lowest rung was too long somewhere
#endif

  explicit Group(const Job &job)
      : job(job), ladder(job.rungs), is_known(job.rungs), length(job.rungs), given(job.pulses),
        ends(job.pulses), pushed(job.rungs * N), is_pushed(job.rungs) {
    delta = std::ldexp(job.unit, -(int)job.below);
    for (int64_t s = 0; s < job.rungs; s++) length[s] = std::ldexp(delta, (int)s);
#if TURNOVER
    weights.resize(job.rungs);
#endif
  }

  void solve(int64_t from) {
    first = from;
    count = job.people - from < LANES ? job.people - from : LANES;
    written = waiting = 0;
    read();
    climb();
    for (int64_t k = 0; k < job.runs; k++) take(job.run[k]);
    flush(waiting);
    V end = splat(0.0);  // nothing times nothing, unless something is not finite
    EACH (int i = 0; i < N; i++) end += x[i] * 0.0;
#if TURNOVER
    end += response * 0.0;
    if (is_coarse) ++*job.coarse;
#endif
    if (any(end != 0.0)) ++*job.lost;
  }

  void read() {
    EACH (int i = 0; i < N; i++) {
      x[i] = splat(0.0);
      EACH (int j = 0; j < N; j++) K[i][j] = splat(0.0);
    }
    EACH (int f = 0; f < F; f++) {
      V rate = loaded(job.rate[f], first, count);
      if (!FLOW[f].is_tap) K[FLOW[f].start][FLOW[f].start] -= rate;
      if (FLOW[f].end >= 0) K[FLOW[f].end][FLOW[f].start] += rate;
    }
    EACH (int j = 0; j < J; j++) scale[j] = loaded(job.scale[j], first, count);
    open.clear();
    for (int64_t p = 0; p < job.pulses; p++) {
      const Pulse &pulse = job.pulse[p];
      V over = loaded(pulse.over, first, count);
      given[p] = loaded(pulse.amount, first, count);
      if (pulse.has_own_end) ends[p] = pulse.start + over;
      V is_instant = over <= 0.0 ? splat(1.0) : splat(0.0);
      given[p] = is_instant > 0.0 ? given[p] : given[p] / over;
    }
    next_end = INFINITY;
#if TURNOVER
    read_turnover();
#endif
  }

  // Tables at delta * 2**s. Low rungs are series, each on its own and when it is needed: squaring one up from
  // a very short time would multiply its rounding. The last of them is squared from there on.
  void climb() {
    for (char &known : is_known) known = 0;
    reach((int)job.series);
    for (int64_t s = job.series + 1; s < job.rungs; s++) {
      square(ladder[s - 1], ladder[s], s <= job.top_input);
      is_known[s] = 1;
    }
#if TURNOVER
    weigh();
#endif
  }

  const Rung &reach(int rung) {
    if (__builtin_expect(!is_known[rung], 0)) {
      expand(ladder[rung], length[rung]);
      is_known[rung] = 1;
    }
    return ladder[rung];
  }

  void expand(Rung &to, double time) const {
    V step[N][N], term[N][N];
    EACH (int i = 0; i < N; i++)
      EACH (int j = 0; j < N; j++) {
        step[i][j] = K[i][j] * time;
        to.psi[i][j] = term[i][j] = splat(i == j);
      }
    for (int k = 2; k <= 14; k++)
      EACH (int i = 0; i < N; i++) {
        V row[N];
        EACH (int j = 0; j < N; j++) row[j] = splat(0.0);
        EACH (int l = 0; l < N; l++)
          if (PHI_AT.at[i][l])
            EACH (int j = 0; j < N; j++)
              if (K_AT.at[l][j]) row[j] += term[i][l] * step[l][j];
        EACH (int j = 0; j < N; j++)
          if (PHI_AT.at[i][j]) {
            term[i][j] = row[j] * (1.0 / k);
            to.psi[i][j] += term[i][j];
          }
      }
    EACH (int i = 0; i < N; i++)
      EACH (int j = 0; j < N; j++) to.psi[i][j] *= time;
    EACH (int i = 0; i < N; i++)
      EACH (int j = 0; j < N; j++) {
        V found = splat(i == j);
        EACH (int l = 0; l < N; l++)
          if (K_AT.at[i][l] && PHI_AT.at[l][j]) found += K[i][l] * to.psi[l][j];
        to.phi[i][j] = found;
      }
  }

  static void square(const Rung &from, Rung &to, bool has_input) {
    EACH (int i = 0; i < N; i++)
      EACH (int j = 0; j < N; j++) {
        V found = splat(0.0);
        EACH (int l = 0; l < N; l++)
          if (PHI_AT.at[i][l] && PHI_AT.at[l][j]) found += from.phi[i][l] * from.phi[l][j];
        to.phi[i][j] = found;
      }
    if (!has_input) return;
    EACH (int i = 0; i < N; i++)
      EACH (int j = 0; j < N; j++) {
        V found = from.psi[i][j];
        EACH (int l = 0; l < N; l++)
          if (PHI_AT.at[i][l] && PHI_AT.at[l][j]) found += from.phi[i][l] * from.psi[l][j];
        to.psi[i][j] = found;
      }
  }

  void take(const Run &run) {
    for (int64_t k = 0; k < run.jumps; k++) {
      const int64_t p = job.listed[run.jump + k];
      x[job.pulse[p].state] += given[p];
    }
    turn(run);
#if TURNOVER
    if (run.units) link = linked(x);  // the input has changed, and with it the derivatives
#endif
    const bool is_one_rung = run.units && !(run.units & (run.units - 1));
    const int rung = (int)job.below + (is_one_rung ? __builtin_ctzll(run.units) : 0);
    for (int64_t k = 0; k < run.steps;) {
      const double now = run.start + (double)k * run.length;
      if (__builtin_expect(next_end <= now, 0)) enter(now);  // an end between two ways to write one instant
      const int halvings = finer(rung), taken = LANES >> halvings;
      if (is_one_rung && run.is_recorded && halvings < 4 && k + taken <= run.steps &&
          together(rung, halvings, now)) {
        k += taken;
        continue;
      }
      if (run.is_recorded) record();
      if (run.units) interval(run.units, now);
      k++;
    }
  }

  void enter(double now) {
    feed(now);
#if TURNOVER
    link = linked(x);
#endif
  }

  void turn(const Run &run) {  // the input of the run
    present = &run;
    open.clear();
    for (int64_t k = 0; k < run.ons; k++)
      if (job.pulse[job.listed[run.on + k]].has_own_end) open.push_back(job.listed[run.on + k]);
    feed(run.start);
  }

  void feed(double now) {
    for (int i = 0; i < N; i++) u[i] = splat(0.0);
    next_end = INFINITY;
    for (int64_t k = 0; k < present->ons; k++) {
      const int64_t p = job.listed[present->on + k];
      V rate = given[p];
      if (job.pulse[p].has_own_end) {
        rate = ends[p] > now ? rate : splat(0.0);
        for (int i = 0; i < LANES; i++)
          if (ends[p][i] > now && ends[p][i] < next_end) next_end = ends[p][i];
      }
      u[job.pulse[p].state] += rate;
    }
    for (char &known : is_pushed) known = 0;
#if TURNOVER
    pushed_slope = u[DRIVER] * level;
    pushed_turn = splat(0.0);
    EACH (int j = 0; j < N; j++)
      if (K_AT.at[DRIVER][j]) pushed_turn += slope[j] * u[j];
#endif
  }

  const V *input_on(int rung) {
    V *found = &pushed[rung * N];
    if (!is_pushed[rung]) {
      const Rung &at = reach(rung);
      EACH (int i = 0; i < N; i++) {
        found[i] = splat(0.0);
        if (rung <= job.top_input)
          EACH (int j = 0; j < N; j++)
            if (PHI_AT.at[i][j]) found[i] += at.psi[i][j] * u[j];
      }
      is_pushed[rung] = 1;
    }
    return found;
  }

  void interval(int64_t units, double now) {
    for (int bit = 0; units >> bit; bit++)
      if (units >> bit & 1) {
        const int rung = (int)job.below + bit;
        const double then = now + length[rung];
#if TURNOVER
        graded(rung, now);
#else
        V next[N];
        moved(rung, now, next);
        EACH (int i = 0; i < N; i++) x[i] = next[i];
        if (__builtin_expect(next_end <= then, 0)) feed(then);
#endif
        now = then;
      }
  }

  void moved(int rung, double now, V *next) {
    const Rung &at = reach(rung);
    const V *in = input_on(rung);
    EACH (int i = 0; i < N; i++) {
      V found = in[i];
      EACH (int j = 0; j < N; j++)
        if (PHI_AT.at[i][j]) found += at.phi[i][j] * x[j];
      next[i] = found;
    }
    const double then = now + length[rung];
    if (__builtin_expect(next_end <= then, 0)) stop(now, then, next, rung);
  }

  // Inputs that end inside this step, each person's at its own time: take back what flowed too long.
  void stop(double now, double then, V *next, int rung) {
    for (int64_t p : open) {
      L inside = (ends[p] > now) & (ends[p] <= then);
      if (!any(inside)) continue;
      V y[N], v[N];
      for (int i = 0; i < N; i++) y[i] = v[i] = splat(0.0);
      v[job.pulse[p].state] = inside ? given[p] : splat(0.0);
      advanced(y, v, inside ? then - ends[p] : splat(0.0), rung);
      for (int i = 0; i < N; i++) next[i] -= y[i];
    }
  }

  // The state each person's own time `h` later under constant input `v`.
  void advanced(V *y, const V *v, V h, int top) {
    L steps = __builtin_convertvector(h / delta, L);
    V rest = h - __builtin_convertvector(steps, V) * delta;
    rest = rest > 0.0 ? rest : splat(0.0);
    for (int s = 0; s <= top; s++) {
      L is_set = ((steps >> s) & 1) == 1;
      if (!any(is_set)) continue;
      const Rung &at = reach(s);
      V next[N];
      for (int i = 0; i < N; i++) {
        V found = splat(0.0);
        for (int j = 0; j < N; j++)
          if (PHI_AT.at[i][j]) found += at.phi[i][j] * y[j] + at.psi[i][j] * v[j];
        next[i] = found;
      }
      for (int i = 0; i < N; i++) y[i] = is_set ? next[i] : y[i];
    }
    V term[N], total[N];
    for (int i = 0; i < N; i++) {
      V found = v[i];
      for (int j = 0; j < N; j++) if (K_AT.at[i][j]) found += K[i][j] * y[j];
      term[i] = found * rest;
    }
    for (int i = 0; i < N; i++) total[i] = y[i] + term[i];
    for (int k = 2; k <= 14; k++) {
      V next[N];
      for (int i = 0; i < N; i++) {
        V found = splat(0.0);
        for (int j = 0; j < N; j++) if (K_AT.at[i][j]) found += K[i][j] * term[j];
        next[i] = found * rest * (1.0 / k);
      }
      for (int i = 0; i < N; i++) total[i] += term[i] = next[i];
    }
    for (int i = 0; i < N; i++) y[i] = total[i];
  }

  // How often the response wants the steps of this rung halved, as far as is known.
  int finer(int rung) const {
#if TURNOVER
    return depth < rung ? rung - depth : 0;
#else
    (void)rung;
    return 0;
#endif
  }

  // Eight steps at once, so that they overlap in the processor: of one recorded interval each, or of a half,
  // a quarter or an eighth of one. False, and nothing done, where an input ends among them or the response
  // needs shorter steps.
  bool together(int top, int halvings, double now) {
    const int rung = top - halvings;
    if (rung < 0 || next_end <= now + LANES * length[rung]) return false;
    V path[LANES + 1][N];
    const Rung &at = reach(rung);
    const V *in = input_on(rung);
    EACH (int i = 0; i < N; i++) path[0][i] = x[i];
    for (int k = 0; k < LANES; k++)
      EACH (int i = 0; i < N; i++) {
        V found = in[i];
        EACH (int j = 0; j < N; j++)
          if (PHI_AT.at[i][j]) found += at.phi[i][j] * path[k][j];
        path[k + 1][i] = found;
      }
#if TURNOVER
    if (!respond(top, halvings, path)) return false;
#endif
    const int kept = LANES >> halvings;
    for (int k = 0; k < kept; k++)
      EACH (int j = 0; j < J; j++)
        line[j][waiting + k] = path[k << halvings][SEEN_STATE[j]] * scale[j];
    EACH (int i = 0; i < N; i++) x[i] = path[LANES][i];
    waiting += kept;
    if (waiting >= LANES) flush(LANES);
    return true;
  }

  // --- what leaves

  void record() {
    EACH (int j = 0; j < J; j++) line[j][waiting] = x[SEEN_STATE[j]] * scale[j];
#if TURNOVER
    line[J][waiting] = shown(response);
#endif
    if (++waiting == LANES) flush(LANES);
  }

  void flush(int filled) {
    if (!filled) return;
    for (int j = 0; j < OUTPUTS; j++) {
      V turned[LANES];
      transpose(line[j], turned);
      double *to = job.out + (j * job.people + first) * job.times + written;
      for (int64_t k = 0; k < count; k++, to += job.times)
        if (filled < LANES)
          for (int i = 0; i < filled; i++) to[i] = turned[k][i];
        else if (job.is_streamed)
          stream(to, turned[k]);
        else
          __builtin_memcpy(to, &turned[k], sizeof(V));
    }
    waiting -= filled;
    written += filled;
    for (int j = 0; j < OUTPUTS; j++)
      for (int k = 0; k < waiting; k++) line[j][k] = line[j][filled + k];
  }

  static void stream(double *to, V v) {
#ifdef __AVX512F__
    __builtin_ia32_movntpd512(to, v);
#else
    __builtin_memcpy(to, &v, sizeof(V));
#endif
  }

  static void transpose(const V *from, V *to) {
    V a[8], b[8];
    EACH (int k = 0; k < 8; k += 2) {
      a[k] = __builtin_shuffle(from[k], from[k + 1], L{0, 8, 2, 10, 4, 12, 6, 14});
      a[k + 1] = __builtin_shuffle(from[k], from[k + 1], L{1, 9, 3, 11, 5, 13, 7, 15});
    }
    EACH (int k = 0; k < 8; k += 4)
      EACH (int i = 0; i < 2; i++) {
        b[k + i] = __builtin_shuffle(a[k + i], a[k + i + 2], L{0, 1, 8, 9, 4, 5, 12, 13});
        b[k + i + 2] = __builtin_shuffle(a[k + i], a[k + i + 2], L{2, 3, 10, 11, 6, 7, 14, 15});
      }
    EACH (int i = 0; i < 4; i++) {
      to[i] = __builtin_shuffle(b[i], b[i + 4], L{0, 1, 2, 3, 8, 9, 10, 11});
      to[i + 4] = __builtin_shuffle(b[i], b[i + 4], L{4, 5, 6, 7, 12, 13, 14, 15});
    }
  }

#if TURNOVER
  // --- the response

  void read_turnover() {
    const V kin = loaded(job.turnover[0], first, count), Emax = loaded(job.turnover[2], first, count);
    kout = loaded(job.turnover[1], first, count);
    baseline = kin / kout;
    gain = kin * Emax;
    worth = kout * (Emax < 0.0 ? -Emax : Emax);
    gamma = loaded(job.turnover[4], first, count);
    level = loaded(job.turnover[5], first, count) / loaded(job.turnover[3], first, count);
    response = splat(0.0);
    depth = (int)job.below;
    is_coarse = false;
    EACH (int j = 0; j < N; j++) {
      slope[j] = K[DRIVER][j] * level;
      turn_of[j] = splat(0.0);
      EACH (int l = 0; l < N; l++)
        if (K_AT.at[DRIVER][l] && K_AT.at[l][j]) turn_of[j] += slope_of(l) * K[l][j];
    }
  }

  V slope_of(int l) const { return K[DRIVER][l] * level; }

  V shown(V r) const { return baseline + gain * r; }

  bool respond(int top, int halvings, const V (*path)[N]) {
    const int rung = top - halvings;
    const Weights &w = weights[rung];
    Link links[LANES + 1];
    V area[LANES], apart, worst = splat(0.0);
    links[0] = link;
    for (int k = 0; k < LANES; k++) links[k + 1] = linked(path[k + 1]);
    for (int k = 0; k < LANES; k++) {
      apart = difference(w, links[k], links[k + 1]);
      worst = apart > worst ? apart : worst;
      area[k] = integral(w, links[k], links[k + 1]);
    }
    if (any(worst * worth > job.tolerance)) {
      depth = rung - 1;
      return false;
    }
    for (int k = 0; k < LANES; k++) {
      if (!(k & ((1 << halvings) - 1))) line[J][waiting + (k >> halvings)] = shown(response);
      response = w.decay * response + area[k];
    }
    link = links[LANES];
    if (halvings && !any(apart * worth > job.tolerance * LONGER)) depth = rung + 1;
    return true;
  }

  static V integral(const Weights &w, const Link &a, const Link &b) {
    return (w.quintic[0] * a.g + w.quintic[1] * a.g1 + w.quintic[2] * a.g2) +
           (w.quintic[3] * b.g + w.quintic[4] * b.g1 + w.quintic[5] * b.g2);
  }

  static V difference(const Weights &w, const Link &a, const Link &b) {
    V found = (w.apart[0] * a.g + w.apart[1] * a.g1 + w.apart[2] * a.g2) +
              (w.apart[3] * b.g + w.apart[4] * b.g1 + w.apart[5] * b.g2);
    return found < 0.0 ? -found : found;
  }

  void weigh() {  // f[k] = (e^z - the first k terms of its series) / z^k, z = -kout d
    constexpr double factorial[] = {1, 1, 2, 6, 24, 120, 720};
    V f[7];
    for (int64_t s = 0; s < job.rungs; s++) {
      if (s <= job.series) {
        const V z = kout * -length[s];
        V term = splat(1.0 / 720);
        f[6] = splat(0.0);
        for (int k = 1; k <= 14; k++) f[6] += term, term = term * z * (1.0 / (6 + k));
        for (int k = 5; k >= 0; k--) f[k] = z * f[k + 1] + 1.0 / factorial[k];
      } else {
        V doubled[7];
        double half = 1.0;
        for (int k = 0; k <= 6; k++, half *= 0.5) {
          V found = f[0] * f[k];
          for (int j = 1; j <= k; j++) found += f[j] * (1.0 / factorial[k - j]);
          doubled[k] = found * half;
        }
        for (int k = 0; k <= 6; k++) f[k] = doubled[k];
      }
      fill(weights[s], f, splat(length[s]));
    }
  }

  static void fill(Weights &w, const V *f, V h) {
    V M[6];  // integrals of e^(z (1 - s)) s^k over 0 .. 1
    constexpr double factorial[] = {1, 1, 2, 6, 24, 120};
    for (int k = 0; k < 6; k++) M[k] = f[k + 1] * factorial[k];
    w.decay = f[0];
    V h2 = h * h, h3 = h2 * h;
    w.quintic[0] = h * (M[0] - 10.0 * M[3] + 15.0 * M[4] - 6.0 * M[5]);
    w.quintic[1] = h2 * (M[1] - 6.0 * M[3] + 8.0 * M[4] - 3.0 * M[5]);
    w.quintic[2] = h3 * 0.5 * (M[2] - 3.0 * M[3] + 3.0 * M[4] - M[5]);
    w.quintic[3] = h * (10.0 * M[3] - 15.0 * M[4] + 6.0 * M[5]);
    w.quintic[4] = h2 * (-4.0 * M[3] + 7.0 * M[4] - 3.0 * M[5]);
    w.quintic[5] = h3 * 0.5 * (M[3] - 2.0 * M[4] + M[5]);
    w.apart[0] = w.quintic[0] - h * (M[0] - 3.0 * M[2] + 2.0 * M[3]);
    w.apart[1] = w.quintic[1] - h2 * (M[1] - 2.0 * M[2] + M[3]);
    w.apart[2] = w.quintic[2];
    w.apart[3] = w.quintic[3] - h * (3.0 * M[2] - 2.0 * M[3]);
    w.apart[4] = w.quintic[4] - h2 * (M[3] - M[2]);
    w.apart[5] = w.quintic[5];
  }

  __attribute__((always_inline)) Link linked(const V *at) const {
    V c1 = pushed_slope, c2 = pushed_turn;
    EACH (int j = 0; j < N; j++)
      if (K_AT.at[DRIVER][j]) c1 += slope[j] * at[j];
    EACH (int j = 0; j < N; j++)
      if (KK_AT.at[DRIVER][j]) c2 += turn_of[j] * at[j];
    const V floor = splat(1e-30);  // of EC50: below it the effect is nothing
    V c = at[DRIVER] * level;
    L is_nothing = c < floor;
    c = is_nothing ? floor : c;
    V z = powers.raised(c, gamma);
    V one = 1.0 + z, inverse = 1.0 / (c * one);
    V g = z * c * inverse;            // z / (1 + z)
    V a = gamma * one * inverse;      // gamma / c
    V rest = 1.0 - g;                 // 1 / (1 + z)
    V steep = g * rest * a;           // dg/dc
    Link found;
    found.g = g;
    found.g1 = steep * c1;
    // d2g/dc2 = steep (gamma (1 - 2 g) - 1) / c
    found.g2 = steep * (c2 + c1 * c1 * (a * (rest - g) - one * inverse));
    found.g1 = is_nothing ? splat(0.0) : found.g1;
    found.g2 = is_nothing ? splat(0.0) : found.g2;
    return found;
  }

  // One interval of the ladder, in as few steps as the tolerance allows; each begins where the last
  // one was accepted.
  void graded(int top, double now) {
    int rung = top < depth ? top : depth;
    int64_t done = 0;
    const int64_t whole = (int64_t)1 << top;
    while (done < whole) {
      V next[N];
      moved(rung, now, next);
      const Link there = linked(next);
      const Weights &w = weights[rung];
      const V apart = difference(w, link, there) * worth;
      if (__builtin_expect(any(apart > job.tolerance), 0)) {
        if (rung > 0) {
          rung--;
          continue;
        }
        is_coarse = true;
      }
      response = w.decay * response + integral(w, link, there);
      EACH (int i = 0; i < N; i++) x[i] = next[i];
      link = there;
      const double then = now + length[rung];
      if (__builtin_expect(next_end <= then, 0)) {
        enter(then);
      }
      now = then;
      done += (int64_t)1 << rung;
      if (rung < top && !(done >> rung & 1) && !any(apart > job.tolerance * LONGER)) rung++;
    }
    depth = rung < top ? rung : 62;
  }
#endif
};

void work(const Job &job, std::atomic<int64_t> &next) {
  constexpr int64_t BATCH = 8 * LANES;
  try {
    Group group(job);
    for (;;) {
      const int64_t from = next.fetch_add(BATCH);
      if (from >= job.people) return;
      for (int64_t k = from; k < from + BATCH && k < job.people; k += LANES) group.solve(k);
    }
  } catch (...) {  // memory: no exception may leave for the caller's language
    ++*job.unserved;
  }
}

}  // namespace

extern "C" void solve(const Job *job) {
  std::atomic<int64_t> next{0};
  std::vector<std::thread> others;
  try {
    for (int64_t k = 1; k < job->threads; k++) others.emplace_back([&] { work(*job, next); });
  } catch (...) {  // no further thread to be had: those there are do the work
  }
  work(*job, next);
  for (std::thread &other : others) other.join();
}
