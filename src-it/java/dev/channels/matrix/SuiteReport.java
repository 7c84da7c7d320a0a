package dev.channels.matrix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What the report of a test class says, or that of a class that stands for others.
 *
 * @param name of the class
 * @param results of its tests, by what is unique to each
 * @param properties of the JVM that ran it
 */
record SuiteReport(String name, Map<String, Result> results, Properties properties) {

    /** What became of a test. */
    enum Result {
        PASSED,
        SKIPPED,
        FAILED
    }

    static SuiteReport read(Path file) throws IOException {
        try {
            Element suite =
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(file.toFile())
                            .getDocumentElement();
            return new SuiteReport(suite.getAttribute("name"), results(suite), properties(suite));
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(file + " cannot be read", e);
        }
    }

    /** Its attributes count the tests of the last class only, where it stands for others. */
    private static Map<String, Result> results(Element suite) {
        Map<String, Result> results = new HashMap<>();
        for (Element test : elements(suite, "testcase")) {
            results.put(test.getAttribute("classname") + "#" + test.getAttribute("name"), of(test));
        }
        return results;
    }

    private static Result of(Element test) {
        if (!elements(test, "error").isEmpty() || !elements(test, "failure").isEmpty()) {
            return Result.FAILED;
        }
        return elements(test, "skipped").isEmpty() ? Result.PASSED : Result.SKIPPED;
    }

    private static Properties properties(Element suite) {
        Properties properties = new Properties();
        for (Element property : elements(suite, "property")) {
            properties.setProperty(property.getAttribute("name"), property.getAttribute("value"));
        }
        return properties;
    }

    private static List<Element> elements(Element in, String name) {
        NodeList list = in.getElementsByTagName(name);
        return IntStream.range(0, list.getLength()).mapToObj(i -> (Element) list.item(i)).toList();
    }

    /** Returns this one and a newer one as if they were one: a test that ran again counts anew. */
    SuiteReport plus(SuiteReport newer) {
        Map<String, Result> all = new HashMap<>(results);
        all.putAll(newer.results);
        return new SuiteReport(name, all, properties);
    }

    String packageName() {
        return name.substring(0, name.lastIndexOf('.'));
    }

    String simpleName() {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Returns the cells of a table: all, passed, skipped, failed. */
    String counts() {
        return "%d | %d | %d | %d"
                .formatted(
                        results.size(),
                        count(Result.PASSED),
                        count(Result.SKIPPED),
                        count(Result.FAILED));
    }

    private int count(Result result) {
        return Collections.frequency(results.values(), result);
    }
}
