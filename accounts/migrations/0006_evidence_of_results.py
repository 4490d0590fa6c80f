from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_files_of_ideas'),
    ]

    operations = [
        migrations.AlterField(
            model_name='storedfile',
            name='purpose',
            field=models.CharField(choices=[('import', 'brought to be imported'), ('logo', 'logo of a funding'), ('photo', 'photograph of a session'), ('sheet', 'photograph of a signed sheet'), ('evidence', 'evidence of a headcount or of a result'), ('pack', 'pack of evidence'), ('idea', 'attached to an idea')], max_length=20),
        ),
    ]
