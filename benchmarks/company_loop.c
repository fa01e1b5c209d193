/* A simpler model of a company that makes, buys and sells, one replication after the other: demand that is owed and given up
   by age, items made from parts within hours, items bought up to a level, demand forecast by Holt-Winters each month, a master
   schedule each week. No books, no money, no people, no meetings, no lots beyond the minimum order. */
#include <math.h>
#include <string.h>
#define LEAST(a, b) ((a) < (b) ? (a) : (b))
#define MOST(a, b) ((a) > (b) ? (a) : (b))
#define ITEMS 64
#define STREAMS 128
#define RESOURCES 8
#define LONGEST 64 /* days of lead time or patience at most */
#define SEASON 12

void run(int lanes, int days, int items, int products, int segments, int resources,
         const double *signed_units, /* lanes x days x segments x products */
         const double *past,         /* lanes x SEASON months x products, a year before the first day */
         const int *month_begins, const int *works, const double *month_days,
         const int *lag, const int *patience, const int *lead, const int *made, const double *minimum, const double *hours,
         const int *part_at, const int *part, const double *use, /* what a unit is made of */
         const int *load_at, const int *resource, const double *load, const double *total_use, /* items x products */
         const double *season_share, int cover, int warm_up, double *fill_rate, double *stock) {
    for (int lane = 0; lane < lanes; lane++) {
        static double coming[ITEMS][LONGEST], due[STREAMS][LONGEST];
        double on_hand[ITEMS], on_order[ITEMS] = {0}, rate[ITEMS] = {0}, schedule[ITEMS] = {0}, owed[STREAMS] = {0};
        double level[ITEMS], trend[ITEMS] = {0}, season[ITEMS][SEASON], asked[ITEMS] = {0}, planned[ITEMS] = {0};
        double demanded = 0, served = 0, held = 0;
        int oldest[STREAMS] = {0}, month = -1, scored = 0, streams = segments * products;
        const double *signing = signed_units + (long)lane * days * streams, *before = past + (long)lane * SEASON * products;
        memset(coming, 0, sizeof coming);
        memset(due, 0, sizeof due);
        for (int p = 0; p < products; p++) {
            level[p] = 0;
            for (int m = 0; m < SEASON; m++) level[p] += before[m * products + p] / SEASON;
            for (int m = 0; m < SEASON; m++) season[p][m] = season_share[m * products + p];
        }
        for (int day = 0; day < days; day++) {
            if (month_begins[day]) { /* forecast, and what each item is used for a day */
                int last = (month + SEASON) % SEASON, next = ++month % SEASON;
                for (int p = 0; p < products; p++) {
                    if (month > 0) {
                        double old = level[p];
                        level[p] = .2 * asked[p] / MOST(season[p][last], .05) + .8 * (level[p] + trend[p]);
                        trend[p] = .05 * (level[p] - old) + .95 * trend[p];
                        season[p][last] = .1 * asked[p] / MOST(level[p], 1e-9) + .9 * season[p][last];
                    }
                    asked[p] = 0;
                    double sum = 0;
                    for (int ahead = 0; ahead < 3; ahead++)
                        sum += MOST(0, level[p] + (ahead + 1) * trend[p]) * season[p][(next + ahead) % SEASON];
                    planned[p] = sum / 3 / month_days[month];
                }
                for (int i = 0; i < items; i++) {
                    rate[i] = 0;
                    for (int p = 0; p < products; p++) rate[i] += total_use[i * products + p] * planned[p];
                }
                if (month == 0)
                    for (int i = 0; i < items; i++) on_hand[i] = rate[i] * (lead[i] + cover);
            }
            for (int i = 0; i < items; i++) { /* receive */
                double *arrived = &coming[i][day % LONGEST];
                on_hand[i] += *arrived;
                on_order[i] -= *arrived;
                *arrived = 0;
            }
            for (int s = 0; s < segments; s++) { /* take orders, deliver the oldest first, lose the impatient */
                for (int p = 0; p < products; p++) {
                    int k = s * products + p;
                    double today = day >= lag[s] ? signing[(long)(day - lag[s]) * streams + k] : 0, left;
                    due[k][day % LONGEST] = today;
                    owed[k] += today;
                    asked[p] += today;
                    double shipped = left = LEAST(on_hand[p], owed[k]);
                    on_hand[p] -= shipped;
                    owed[k] -= shipped;
                    if (day >= warm_up) {
                        demanded += today;
                        served += MOST(0, LEAST(today, shipped - (owed[k] + shipped - today)));
                    }
                    while (left > 0 && oldest[k] <= day) {
                        double *first = &due[k][oldest[k] % LONGEST], gone = LEAST(*first, left);
                        *first -= gone;
                        left -= gone;
                        if (*first > 0) break;
                        oldest[k]++;
                    }
                    while (oldest[k] <= day - patience[s]) {
                        owed[k] -= due[k][oldest[k] % LONGEST];
                        due[k][oldest[k]++ % LONGEST] = 0;
                    }
                }
            }
            if (day % 7 == 0) /* the week's master schedule */
                for (int i = 0; i < items; i++) {
                    double position = on_hand[i] + on_order[i];
                    for (int s = 0; i < products && s < segments; s++) position -= owed[s * products + i];
                    schedule[i] = made[i] ? MOST(0, rate[i] * (lead[i] + 7 + cover) - position) / 6 : 0;
                }
            if (works[day]) {
                double wanted[RESOURCES] = {0}, share[RESOURCES];
                for (int i = 0; i < items; i++) /* make what hours and parts allow */
                    for (int l = load_at[i]; l < load_at[i + 1]; l++) wanted[resource[l]] += load[l] * schedule[i];
                for (int r = 0; r < resources; r++) share[r] = LEAST(1, hours[r] / MOST(wanted[r], 1e-9));
                for (int i = 0; i < items; i++) {
                    if (!made[i] || schedule[i] <= 0) continue;
                    double start = schedule[i];
                    for (int l = load_at[i]; l < load_at[i + 1]; l++) start = LEAST(start, schedule[i] * share[resource[l]]);
                    for (int b = part_at[i]; b < part_at[i + 1]; b++) start = LEAST(start, on_hand[part[b]] / use[b]);
                    start = floor(start);
                    for (int b = part_at[i]; b < part_at[i + 1]; b++) on_hand[part[b]] -= use[b] * start;
                    coming[i][(day + lead[i]) % LONGEST] += start;
                    on_order[i] += start;
                }
                for (int i = 0; i < items; i++) { /* buy */
                    if (made[i]) continue;
                    double position = on_hand[i] + on_order[i];
                    for (int s = 0; i < products && s < segments; s++) position -= owed[s * products + i];
                    double order = ceil(rate[i] * (lead[i] + 1 + cover) - position);
                    if (order <= 0) continue;
                    order = MOST(order, minimum[i]);
                    coming[i][(day + lead[i]) % LONGEST] += order;
                    on_order[i] += order;
                }
            }
            if (day >= warm_up) {
                scored++;
                for (int p = 0; p < products; p++) held += on_hand[p];
            }
        }
        fill_rate[lane] = served / demanded;
        stock[lane] = held / scored;
    }
}
