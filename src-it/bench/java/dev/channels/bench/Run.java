package dev.channels.bench;

/**
 * The result of one measurement.
 *
 * @param cpuMicros processor time of the server per delivery in µs, without what it takes idle
 * @param perSecond deliveries per second
 * @param p50 the median of the latency in ms
 * @param p99 its 99th percentile in ms
 * @param max its maximum in ms
 * @param lost how many deliveries did not come, or came twice or out of order
 * @param threads how many threads the server had
 */
record Run(
        double cpuMicros,
        double perSecond,
        double p50,
        double p99,
        double max,
        long lost,
        int threads) {

    @Override
    public String toString() {
        return "%7.2f µs, %,9.0f/s, p50 %.1f, p99 %.1f, max %.1f ms, %d lost, %d threads"
                .formatted(cpuMicros, perSecond, p50, p99, max, lost, threads);
    }
}
