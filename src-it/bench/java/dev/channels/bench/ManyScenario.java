package dev.channels.bench;

/**
 * 10,000 sockets of the plugin on a server with the JVM settings that it comes with: whether each
 * gets all events, and how many threads that takes.
 */
final class ManyScenario {

    private static final Load LOAD = Load.of(10_000, 1, 100, 2);

    private final Settings settings;
    private final Side plugin;
    private final Side loop;

    ManyScenario(Settings settings, Side plugin, Side loop) {
        this.settings = settings;
        this.plugin = plugin;
        this.loop = loop;
    }

    /**
     * The result.
     *
     * @param threadsBefore threads of the server when no socket was open
     * @param run the measurement with all of them
     */
    record Result(int threadsBefore, Run run) {}

    void run(Report report) throws Exception {
        plugin.close();
        loop.close();
        int before = plugin.threads();
        plugin.open(LOAD);
        Run run = plugin.run(LOAD, settings.time().multipliedBy(2));
        System.out.printf("%s %-6s %-28s %s%n", settings.server(), plugin, LOAD, run);
        report.addMany(new Result(before, run));
        plugin.close();
    }
}
