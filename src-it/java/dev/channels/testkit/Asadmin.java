package dev.channels.testkit;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the build puts into the {@code glassfish/modules/admin-cli.jar} of GlassFish 8, which has
 * none, so that the adapter finds one to start and stop it by: it runs {@code bin/asadmin}.
 */
public final class Asadmin {

    private Asadmin() {}

    /** Hands all arguments on, and ends as the other one did. */
    public static void main(String[] arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("bash", asadmin().toString()));
        command.addAll(List.of(arguments));
        System.exit(new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    private static Path asadmin() throws URISyntaxException {
        Path jar =
                Path.of(Asadmin.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        return jar.resolve("../../../bin/asadmin").normalize();
    }
}
