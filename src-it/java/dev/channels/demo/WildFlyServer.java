package dev.channels.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** WildFly, as {@code standalone.sh} starts it. */
final class WildFlyServer implements Server {

    private static final List<String> OPENED =
            List.of(
                    "java.base/java.io",
                    "java.base/java.lang",
                    "java.base/java.lang.invoke",
                    "java.base/java.lang.reflect",
                    "java.base/java.net",
                    "java.base/java.security",
                    "java.base/java.util",
                    "java.base/java.util.concurrent",
                    "java.management/javax.management",
                    "java.naming/javax.naming");

    /** WildFly lets in users of an application only if its own realm knows them too. */
    private static final String OPERATOR = "\noperator=c508b8ff916465755d7395ad4d000d01\n";

    @Override
    public Path prepare(Path home, Path base, int port) throws IOException {
        Directories.copy(home.resolve("standalone/configuration"), base.resolve("configuration"));
        Files.writeString(
                base.resolve("configuration/application-users.properties"),
                OPERATOR,
                StandardOpenOption.APPEND);
        return base.resolve("deployments/demo.war");
    }

    @Override
    public ProcessBuilder command(Path home, Path base, int port) {
        List<String> arguments = new ArrayList<>();
        arguments.add("-Xmx768m");
        arguments.add("-Djava.awt.headless=true");
        OPENED.forEach(name -> arguments.add("--add-opens=" + name + "=ALL-UNNAMED"));
        arguments.add("-Dlogging.configuration=" + logging(base).toUri());
        arguments.add("-Dorg.jboss.boot.log.file=" + base.resolve("log/server.log"));
        arguments.addAll(List.of("-jar", home.resolve("jboss-modules.jar").toString()));
        arguments.addAll(List.of("-mp", home.resolve("modules").toString()));
        arguments.add("org.jboss.as.standalone");
        arguments.add("-Djboss.home.dir=" + home);
        arguments.add("-Djboss.server.base.dir=" + base);
        arguments.add("-Djboss.http.port=" + port);
        arguments.add("-Djboss.https.port=" + FreePorts.any());
        arguments.add("-Djboss.management.http.port=" + FreePorts.any());
        return Server.java(arguments);
    }

    private static Path logging(Path base) {
        return base.resolve("configuration/logging.properties");
    }

    @Override
    public String toString() {
        return "WildFly";
    }
}
