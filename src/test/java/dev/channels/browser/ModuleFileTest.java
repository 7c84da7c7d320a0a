package dev.channels.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ModuleFileTest {

    private static final int MOST_BYTES = 12 * 1024;

    private static final ModuleFile MODULE = ModuleFile.all().get(0);
    private static final ModuleFile TYPES = ModuleFile.all().get(1);

    private static String text(ModuleFile file) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Returns what a group finds, each once. */
    private static Set<String> found(String text, String regex) {
        return new TreeSet<>(
                Pattern.compile(regex, Pattern.MULTILINE)
                        .matcher(text)
                        .results()
                        .map((MatchResult match) -> match.group(1))
                        .toList());
    }

    @Test
    void theModuleIsSmallAsItStands() {
        assertThat(MODULE.length()).isBetween(1, MOST_BYTES);
    }

    @Test
    void theModuleNeedsNoOther() throws Exception {
        assertThat(text(MODULE)).doesNotContainPattern("(?m)^import |import\\(|require\\(");
    }

    @Test
    void theTypesSayWhatTheModuleExports() throws Exception {
        Set<String> exports = found(text(MODULE), "^export class (\\w+)");
        assertThat(exports).containsExactly("Channels", "ChannelsError");
        assertThat(found(text(TYPES), "^export class (\\w+)")).isEqualTo(exports);
    }

    @Test
    void theTypesSayWhatAPageCanCall() throws Exception {
        String module = text(MODULE).substring(text(MODULE).indexOf("export class Channels {"));
        Set<String> methods = found(module, "^\\t(?:async )?([a-z]\\w+)\\(");
        assertThat(methods).contains("subscribe", "publish", "rpc", "history", "close");
        String types = text(TYPES).substring(text(TYPES).indexOf("export class Channels {"));
        assertThat(found(types, "^\\t([a-z]\\w+)[(<]")).isEqualTo(methods);
    }

    @Test
    void everyHookHasAType() throws Exception {
        Set<String> hooks = found(text(MODULE), "\\b(on[A-Z]\\w+)");
        assertThat(hooks).contains("onGap", "onState");
        assertThat(found(text(TYPES), "\\b(on[A-Z]\\w+)")).isEqualTo(hooks);
    }

    @Test
    void aTagIsOfTheContent() {
        assertThat(MODULE.tag()).matches("\"[0-9a-f]{24}\"").isNotEqualTo(TYPES.tag());
        assertThat(ModuleFile.all().get(0).tag()).isEqualTo(MODULE.tag());
    }

    @Test
    void whoHasItIsKnownByTheTag() {
        for (String condition :
                List.of("*", MODULE.tag(), "W/" + MODULE.tag(), "\"other\" , " + MODULE.tag())) {
            assertThat(MODULE.isKnown(condition)).as(condition).isTrue();
        }
        for (String condition : List.of("", "\"other\"", TYPES.tag(), "W/\"other\"")) {
            assertThat(MODULE.isKnown(condition)).as(condition).isFalse();
        }
    }
}
