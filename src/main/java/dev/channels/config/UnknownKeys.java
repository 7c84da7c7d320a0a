package dev.channels.config;

import dev.channels.spi.BackendFactory;
import dev.channels.spi.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Finds the keys under {@code channels.} that nobody reads: misspelt ones.
 *
 * <p>The sources are asked, not the configuration: one that lives as long as its JVM may keep the
 * names that it has seen first, and would not tell of those of the next deployment.
 */
final class UnknownKeys {

    private static final String PREFIX = "channels.";

    /**
     * What SmallRye Config names its source, in WildFly and Open Liberty. It lists the names of
     * variables in dots, and cannot know where hyphens were; and Kubernetes sets variables for
     * every service, one named channels among them. Payara lists them as they are.
     */
    private static final String ENVIRONMENT = "EnvConfigSource";

    private final Set<String> known = new TreeSet<>();
    private final Set<String> backends = new TreeSet<>();

    /**
     * Learns the keys.
     *
     * @param factories the backends that there are, for their keys
     */
    UnknownKeys(Collection<BackendFactory> factories) {
        Keys.ALL.forEach(key -> known.add(key.name()));
        for (BackendFactory factory : factories) {
            backends.add(factory.name());
            factory.keys().forEach(key -> known.add(PREFIX + factory.name() + "." + key.name()));
        }
    }

    /**
     * Reports them.
     *
     * @param config whose sources are looked at
     * @param backend the name of the backend; one that is a bean reads keys of its own
     * @param problems takes them
     */
    void report(Config config, String backend, Problems problems) {
        String keysOfBean = backends.contains(backend) ? null : PREFIX + backend + ".";
        Map<String, ConfigSource> unknown = new TreeMap<>();
        for (ConfigSource source : sources(config)) {
            for (String name : source.getPropertyNames()) {
                boolean isOurs =
                        name.startsWith(PREFIX)
                                && !name.startsWith(PolicyReader.PREFIX)
                                && !known.contains(name);
                if (isOurs && (keysOfBean == null || !name.startsWith(keysOfBean))) {
                    // The first source is the one that counts.
                    unknown.putIfAbsent(name, source);
                }
            }
        }
        unknown.forEach(
                (name, source) ->
                        problems.add(
                                name,
                                value(source, name),
                                source.getName(),
                                "there is no such key",
                                remedy(name)));
    }

    /** Returns the sources that list names as they are written. */
    static List<ConfigSource> sources(Config config) {
        return StreamSupport.stream(config.getConfigSources().spliterator(), false)
                .filter(source -> !ENVIRONMENT.equals(source.getName()))
                .toList();
    }

    private static String value(ConfigSource source, String name) {
        return Optional.ofNullable(source.getValue(name)).orElse("");
    }

    private String remedy(String name) {
        return Nearest.to(name, known)
                .map(near -> "Did you mean " + near + "?")
                .orElse("The page Configuration of the documentation lists the keys.");
    }
}
