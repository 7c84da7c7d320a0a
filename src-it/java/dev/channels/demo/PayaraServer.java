package dev.channels.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Payara and GlassFish, as {@code asadmin start-domain --verbose} starts them. */
final class PayaraServer implements Server {

    private static final String LINE_PER_RECORD =
            """

            javax.enterprise.system.security.ssl.level=SEVERE
            com.sun.enterprise.server.logging.GFFileHandler.logStandardStreams=false
            java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
            java.util.logging.SimpleFormatter.format=%1$tT %4$s %3$s: %5$s%6$s%n
            """;

    @Override
    public Path prepare(Path home, Path base, int port) throws IOException {
        Path domain = base.resolve("domain1");
        Directories.copy(home.resolve("glassfish/domains/domain1"), domain);
        Path config = domain.resolve("config");
        Files.writeString(
                config.resolve("logging.properties"), LINE_PER_RECORD, StandardOpenOption.APPEND);
        PayaraDomain.configure(
                home.resolve("glassfish/domains/domain1/config/domain.xml"),
                config.resolve("domain.xml"),
                Map.of(
                        "http.port", port,
                        "admin.port", FreePorts.any(),
                        "jms.port", FreePorts.any()));
        if (!isPayara(home)) {
            return domain.resolve("autodeploy/demo.war");
        }
        Path war = base.resolve("demo.war");
        Files.writeString(base.resolve("boot"), "deploy " + war + "\n");
        return war;
    }

    private static boolean isPayara(Path home) {
        return Files.exists(home.resolve("glassfish/modules/payara-api.jar"));
    }

    /** GlassFish 8 has no JAR for it that runs by itself. */
    private static List<String> asadmin(Path home) {
        Path jar = home.resolve("glassfish/lib/client/appserver-cli.jar");
        return Files.exists(jar)
                ? List.of(Server.java(), "-jar", jar.toString())
                : List.of("bash", home.resolve("bin/asadmin").toString());
    }

    /** Asks {@code asadmin} for the command, since the domain's options are part of it. */
    @Override
    public ProcessBuilder command(Path home, Path base, int port) throws IOException {
        List<String> arguments = new ArrayList<>(asadmin(home));
        arguments.addAll(List.of("start-domain", "--dry-run", "--verbose"));
        arguments.addAll(List.of("--domaindir", base.toString()));
        if (isPayara(home)) {
            arguments.addAll(List.of("--postbootcommandfile", base.resolve("boot").toString()));
        }
        arguments.add("domain1");
        ProcessBuilder asadmin =
                new ProcessBuilder(arguments).redirectError(ProcessBuilder.Redirect.DISCARD);
        asadmin.environment().put("AS_JAVA", Server.javaHome());
        List<String> lines = asadmin.start().inputReader().lines().toList();
        int java = lines.indexOf(Server.java());
        int end = lines.indexOf("");
        if (java < 0 || end < java) {
            throw new IOException("asadmin does not tell how to start Payara: " + lines);
        }
        ProcessBuilder command = new ProcessBuilder(lines.subList(java, end));
        if (!isPayara(home)) {
            // asadmin does not show the environment that GlassFish 8 finds its database in
            command.environment().put("AS_DERBY_INSTALL", home.resolve("javadb").toString());
            command.environment().put("AS_IMQ_LIB", home.resolve("mq/lib").toString());
        }
        return command;
    }

    @Override
    public String toString() {
        return "Payara";
    }
}
