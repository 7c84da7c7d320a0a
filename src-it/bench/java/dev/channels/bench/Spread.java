package dev.channels.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What several rounds measured.
 *
 * @param median the one in the middle, or between the two in the middle
 */
public record Spread(double min, double median, double max) {

    static Spread of(List<Run> runs, ToDoubleFunction<Run> figure) {
        return of(runs.stream().mapToDouble(figure).toArray());
    }

    /** The ratios within each round, since what disturbs one side mostly disturbs the other. */
    static Spread ofRatios(List<Run> dividends, List<Run> divisors, ToDoubleFunction<Run> figure) {
        return of(
                IntStream.range(0, dividends.size())
                        .mapToDouble(
                                i ->
                                        figure.applyAsDouble(dividends.get(i))
                                                / figure.applyAsDouble(divisors.get(i)))
                        .toArray());
    }

    /** Returns the spread of some figures. */
    public static Spread of(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int last = sorted.length - 1;
        return new Spread(sorted[0], (sorted[last / 2] + sorted[(last + 1) / 2]) / 2, sorted[last]);
    }

    /** Returns the median, and in brackets from where to where the rounds reach. */
    public String withRange() {
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", median, min, max);
    }

    /** Returns the median. */
    public String median(String format) {
        return String.format(Locale.ROOT, format, median);
    }
}
