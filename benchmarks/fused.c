/* The limit that the table compares with: sampling and model of reference-model.toml fused in one loop.
 *
 * Rows are worked on in strips that stay in the first cache. Uniforms come from xoshiro256+ (Blackman and Vigna
 * 2021, doi:10.1145/3460772), eight generators side by side so that they fill a vector register; lognormals from
 * Box and Muller's transform, PERT, beta and truncated normal inputs from tables that the caller hands over. It
 * keeps no promise of the program's: draws depend on the strip, and errors in probability are near 1e-4.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 8, STRIP = 1024, CELLS = 2048, INPUTS = 20, OUTPUTS = 24, NORMALS = 7, TABLES = 8 };

typedef double strip[STRIP] __attribute__((aligned(64)));
typedef struct { uint64_t a[LANES], b[LANES], c[LANES], d[LANES]; } generator;

/* places of the inputs in the study's order */
static const int normal_place[NORMALS] = {0, 1, 8, 9, 11, 12, 14};
static const double normal_median[NORMALS] = {15.0e6, 1.9e6, 552e6, 50.5e6, 3.0e8, 0.382, 11.25e6};
static const double normal_gsd[NORMALS] = {1.08, 1.12, 1.35, 1.20, 1.6, 1.5, 1.25};
static const int table_place[TABLES] = {3, 4, 5, 6, 13, 16, 17, 18};

static uint64_t splitmix(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static void seed_generator(generator *g, uint64_t seed) {
    uint64_t *words = (uint64_t *)g;
    for (int i = 0; i < 4 * LANES; i++) words[i] = splitmix(&seed);
}

static void uniforms(generator *g, double *restrict out) {
    generator s = *g;
    for (int i = 0; i < STRIP; i += LANES)
        for (int j = 0; j < LANES; j++) {
            uint64_t sum = s.a[j] + s.d[j], shifted = s.b[j] << 17, bits = (sum >> 12) | 0x3FF0000000000000u;
            double number;
            memcpy(&number, &bits, sizeof number);
            out[i + j] = number - 1.0;
            s.c[j] ^= s.a[j];
            s.d[j] ^= s.b[j];
            s.b[j] ^= s.c[j];
            s.a[j] ^= s.d[j];
            s.c[j] ^= shifted;
            s.d[j] = (s.d[j] << 45) | (s.d[j] >> 19);
        }
    *g = s;
}

/* Two strips of uniforms become two strips of normals. */
static void box_muller(double *restrict u, double *restrict v) {
    strip radius, angle;
    for (int i = 0; i < STRIP; i++) radius[i] = sqrt(-2.0 * log(1.0 - u[i]));
    for (int i = 0; i < STRIP; i++) angle[i] = 6.283185307179586 * v[i];
    for (int i = 0; i < STRIP; i++) u[i] = radius[i] * cos(angle[i]);
    for (int i = 0; i < STRIP; i++) v[i] = radius[i] * sin(angle[i]);
}

static void triangular(double *restrict x, double low, double mode, double high) {
    double left = (high - low) * (mode - low), right = (high - low) * (high - mode), turn = (mode - low) / (high - low);
    for (int i = 0; i < STRIP; i++) {
        double u = x[i], rising = low + sqrt(u * left), falling = high - sqrt((1.0 - u) * right);
        x[i] = u < turn ? rising : falling;
    }
}

static void draw(generator *g, strip *x, strip *spare, const double *tables) {
    for (int k = 0; k < INPUTS; k++) uniforms(g, x[k]);
    uniforms(g, *spare);
    for (int k = 0; k < NORMALS; k += 2)
        box_muller(x[normal_place[k]], k + 1 < NORMALS ? x[normal_place[k + 1]] : *spare);
    for (int k = 0; k < NORMALS; k++) {
        double *restrict z = x[normal_place[k]], location = log(normal_median[k]), scale = log(normal_gsd[k]);
        for (int i = 0; i < STRIP; i++) z[i] = exp(location + scale * z[i]);
    }
    for (int k = 0; k < TABLES; k++) {
        double *restrict u = x[table_place[k]];
        const double *restrict table = tables + k * (CELLS + 1);
        for (int i = 0; i < STRIP; i++) {
            double position = u[i] * CELLS;
            int cell = (int)position;
            u[i] = table[cell] + (position - cell) * (table[cell + 1] - table[cell]);
        }
    }
    triangular(x[2], 0.4, 0.8, 1.6);
    triangular(x[19], 1.0, 1.00001, 1.5);
    for (int i = 0; i < STRIP; i++) x[7][i] = 0.6 + 0.2 * x[7][i];
    for (int i = 0; i < STRIP; i++) x[15][i] = 5e7 + 1e8 * x[15][i];
    for (int i = 0; i < STRIP; i++) x[10][i] = x[10][i] < 0.25 ? 0.25 : x[10][i] < 0.5 ? 0.5 : 1.0;
}

static void model(strip *x, strip *per, double *const *out) {
    for (int i = 0; i < STRIP; i++) {
        double by_queries = x[10][i] / x[11][i], by_images = x[10][i] / x[15][i], image = x[16][i] * x[19][i];
        double text_tries = 1.0 + x[17][i], image_tries = 1.0 + x[18][i];
        per[0][i] = x[2][i] / ((x[8][i] * by_queries + x[12][i] * x[19][i]) * text_tries);
        per[1][i] = x[2][i] / ((x[9][i] * by_images + x[13][i] * x[19][i]) * text_tries);
        per[2][i] = x[3][i] / ((x[14][i] * by_images + image) * image_tries);
        per[3][i] = x[3][i] / ((x[14][i] * by_queries + 1.15 * image) * image_tries);
    }
    for (int country = 0; country < 2; country++)
        for (int device = 0; device < 3; device++) {
            const double *restrict annual = x[country], *restrict grid = x[6 + country];
            const double *restrict power = device == 1 ? x[4] : x[5];
            double *const *o = out + 4 * (3 * country + device), share = device > 0;
            for (int i = 0; i < STRIP; i++) {
                double rate = annual[i] * (1.0 / 8760.0) + share * power[i] * grid[i];
                o[0][i] = rate * per[0][i];
                o[1][i] = rate * per[1][i];
                o[2][i] = rate * per[2][i];
                o[3][i] = rate * per[3][i];
            }
        }
}

/* Make `rows` rows, whole strips of them. They are written to `out`, shape (OUTPUTS, rows), or, if that is NULL, to
 * memory that is used again; either way `sums` are the sums of each output. */
void fused(int64_t rows, uint64_t seed, const double *tables, double *out, double *sums) {
    memset(sums, 0, OUTPUTS * sizeof *sums);
#pragma omp parallel
    {
        strip x[INPUTS], per[4], spare, scratch[OUTPUTS];
        double own[OUTPUTS] = {0};
#pragma omp for schedule(static)
        for (int64_t s = 0; s < rows / STRIP; s++) {
            generator g;
            double *target[OUTPUTS];
            seed_generator(&g, seed + 0x51ED2701u * (uint64_t)s);
            draw(&g, x, &spare, tables);
            for (int k = 0; k < OUTPUTS; k++) target[k] = out ? out + k * rows + s * STRIP : scratch[k];
            model(x, per, target);
            for (int k = 0; k < OUTPUTS; k++)
                for (int i = 0; i < STRIP; i++) own[k] += target[k][i];
        }
#pragma omp critical
        for (int k = 0; k < OUTPUTS; k++) sums[k] += own[k];
    }
}
