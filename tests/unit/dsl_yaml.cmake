consign_test(unit_dsl_yaml
  SOURCES dsl/yaml_offsets_test.cpp dsl/yaml_tree_test.cpp dsl/yaml_reader_test.cpp dsl/yaml_format_test.cpp
  LIBRARIES consign_dsl)
