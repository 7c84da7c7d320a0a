package dev.channels.test;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A class in a page of the documentation.
 *
 * @param name of the class
 * @param code all of it, from its imports on
 */
public record PageCode(String name, String code) {

    /** What begins with its imports is a whole class; what does not is a piece of one. */
    private static final Pattern JAVA = Pattern.compile("(?s)```java\n(import .*?)```");

    private static final Pattern CLASS = Pattern.compile("(?m)^(?:public )?class (\\w+)");

    /** Returns the classes of a page, in their order. */
    public static List<PageCode> of(Path page) throws IOException {
        return JAVA.matcher(Files.readString(page))
                .results()
                .map(block -> new PageCode(nameOf(page, block.group(1)), block.group(1)))
                .toList();
    }

    private static String nameOf(Path page, String code) {
        Matcher name = CLASS.matcher(code);
        if (!name.find()) {
            throw new IllegalStateException("No class in " + page + ": " + code);
        }
        return name.group(1);
    }

    /** Returns what a page shows of another language, in its order. */
    public static List<String> blocks(Path page, String language) throws IOException {
        return Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(Files.readString(page))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** Returns the same class in a package. */
    public PageCode in(String packageName) {
        return new PageCode(name, "package " + packageName + ";\n" + code);
    }

    /**
     * Compiles classes, which may use each other, as a user with all warnings would.
     *
     * @return what the compiler has to say; empty if that is nothing
     */
    public static String compile(List<PageCode> classes, Path output) {
        StringWriter messages = new StringWriter();
        boolean compiles =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(
                                messages,
                                null,
                                null,
                                List.of(
                                        "-proc:none",
                                        "-Xlint:all,-classfile,-processing",
                                        "-Werror",
                                        "--release",
                                        "17",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        "-d",
                                        output.toString()),
                                null,
                                classes.stream().map(Source::new).toList())
                        .call();
        return compiles ? "" : "Does not compile: " + messages;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String code;

        Source(PageCode of) {
            super(URI.create("string:///" + of.name() + ".java"), Kind.SOURCE);
            this.code = of.code();
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return code;
        }
    }
}
