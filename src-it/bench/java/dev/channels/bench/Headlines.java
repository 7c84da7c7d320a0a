package dev.channels.bench;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * The ratios that there are targets for. Each server leaves its own in a file, and the summary is
 * made of those that are there.
 */
final class Headlines {

    private static final String[][] ROWS = {
        {"paced.100", "CPU per delivery, paced, 100 sockets", "≤ 1.15", "≤ 1.3", "≤ 0.5"},
        {"paced.1000", "CPU per delivery, paced, 1,000 sockets", "≤ 1.15", "≤ 1.3", "≤ 0.5"},
        {"saturated.1000", "deliveries/s, saturated, 1,000 sockets", "≥ 0.8", "≥ 0.9", "≥ 2.5"},
        {
            "stuck.plugin",
            "p99 of the other 198 when 2 stop reading, to that without them: plugin",
            "≤ 1.2",
            "≤ 1.2",
            "≤ 1.2"
        },
        {"stuck.loop", "the same: loop", "", "", ""},
        {
            "heap",
            "heap per idle subscriber beyond the loop's session, B",
            "≤ 1,024",
            "≤ 1,024",
            "≤ 1,024"
        },
        {
            "client.paced.1000",
            "client endpoint, CPU per delivery, paced, 1,000",
            "≤ 1.2",
            "≤ 1.2",
            "≤ 0.5"
        },
        {
            "client.saturated.1000",
            "client endpoint, deliveries/s, saturated, 1,000",
            "≥ 5",
            "≥ 5",
            "≥ 5"
        },
        {
            "client.cpu.1000",
            "client endpoint, CPU per delivery, saturated, 1,000",
            "≤ 0.3",
            "≤ 0.3",
            "≤ 0.3"
        },
        {
            "client.stuck.plugin",
            "client endpoint, p99 of the other 198 when 2 stop reading",
            "≤ 1.2",
            "≤ 1.2",
            "≤ 1.2"
        },
        {
            "client.heap",
            "heap per idle connection with 10 channels beyond the loop's session, B",
            "≤ 8,192",
            "≤ 8,192",
            "≤ 8,192"
        },
        {
            "client.paced.channels",
            "client endpoint, CPU per delivery, paced, 1,000 of 10 channels each",
            "≤ 1.2",
            "≤ 1.2",
            "≤ 0.5"
        },
        {"client.saturated.channels", "the same, deliveries/s, saturated", "≥ 5", "≥ 5", "≥ 5"},
        {"client.cpu.channels", "the same, CPU per delivery, saturated", "≤ 0.3", "≤ 0.3", "≤ 0.3"},
        {"sse.paced.1000", "SSE to the plain endpoint, CPU per delivery, paced, 1,000", "", "", ""},
        {"sse.cpu.1000", "SSE to the plain endpoint, CPU per delivery, saturated", "", "", ""},
        {"sse.stuck.plugin", "SSE, p99 of the other 198 when 2 stop reading", "", "", ""},
        {"many", "10,000 sockets: threads before / with them, events lost", "", "", ""}
    };
    private static final List<String> SERVERS = List.of("wildfly", "liberty", "payara");

    private final Settings settings;
    private final Properties figures = new Properties();

    Headlines(Settings settings) {
        this.settings = settings;
    }

    void addPaced(Load load, Spread ratio) {
        add("paced", load, ratio);
    }

    void addSaturated(Load load, Spread rate, Spread cpu) {
        add("saturated", load, rate);
        add("cpu", load, cpu);
    }

    private void add(String name, Load load, Spread ratio) {
        if (load.size() != 100) {
            return;
        }
        String start = load.door().prefix() + name + ".";
        if (load.channels() == 1) {
            figures.setProperty(start + load.sockets(), ratio.withRange());
        } else if (load.perSocket() > 1) {
            figures.setProperty(start + "channels", ratio.withRange());
        }
    }

    void addStuck(String side, Door door, String ratio) {
        figures.setProperty(door.prefix() + "stuck." + side, ratio);
    }

    void addMany(String result) {
        figures.setProperty("many", result);
    }

    void addHeap(Door door, double beyond) {
        figures.setProperty(door.prefix() + "heap", String.format(Locale.ROOT, "%,.0f", beyond));
    }

    /** Writes the summary, and returns it. */
    String write() throws IOException {
        try (Writer file = Files.newBufferedWriter(file(settings.server()))) {
            figures.store(file, null);
        }
        List<String> lines = new ArrayList<>();
        lines.add("| plugin to loop (target) | " + String.join(" | ", SERVERS) + " |");
        lines.add("| --- |" + " --- |".repeat(SERVERS.size()));
        for (String[] row : ROWS) {
            lines.add(row(row));
        }
        Files.write(settings.directory().resolve("summary.md"), lines);
        return String.join("\n", lines) + "\n";
    }

    private String row(String... row) throws IOException {
        StringBuilder line = new StringBuilder("| ").append(row[1]).append(" |");
        for (int i = 0; i < SERVERS.size(); i++) {
            String target = row[2 + i].isEmpty() ? "" : " (" + row[2 + i] + ")";
            line.append(' ').append(figure(SERVERS.get(i), row[0])).append(target).append(" |");
        }
        return line.toString();
    }

    private String figure(String server, String name) throws IOException {
        Properties known = new Properties();
        if (Files.exists(file(server))) {
            try (Reader file = Files.newBufferedReader(file(server))) {
                known.load(file);
            }
        }
        return known.getProperty(name, "–");
    }

    private Path file(String server) {
        return settings.directory().resolve(server + ".properties");
    }
}
