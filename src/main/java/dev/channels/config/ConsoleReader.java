package dev.channels.config;

import java.util.List;
import java.util.Set;

/** Reads the configuration of the console for operators. */
final class ConsoleReader {

    /** What policies understand beside roles, and what would let in everybody, or nobody. */
    private static final Set<String> NO_ROLES = Set.of("permit-all", "deny-all");

    private final Values values;

    ConsoleReader(Values values) {
        this.values = values;
    }

    ConsoleConfig read() {
        boolean enabled = values.get(Keys.CONSOLE);
        List<String> roles = values.find(Keys.CONSOLE_ROLE).orElse(List.of());
        for (String role : roles) {
            if (NO_ROLES.contains(role)) {
                values.problem(
                        Keys.CONSOLE_ROLE,
                        role,
                        "the console shows who is connected, and is for operators only",
                        "Name the role that they have, or ** for every caller who is logged in.");
            }
        }
        if (enabled && roles.isEmpty()) {
            values.problem(
                    Keys.CONSOLE_ROLE,
                    "the console is on (channels.console=true), and no role may see it",
                    "Name the role of your operators, for example channels.console-role=admin.");
        }
        return new ConsoleConfig(enabled, roles);
    }
}
